# One question by one segment of a stratified cluster sample with R survey: shares and their linearised standard errors.
#   Rscript w2.R responses.csv figures.csv
suppressPackageStartupMessages(library(survey))
files <- commandArgs(trailingOnly = TRUE)
used <- c(weight = "numeric", stratum = "character", psu = "character", state = "character", agree_1 = "character")
columns <- strsplit(readLines(files[1], n = 1), ",")[[1]]
classes <- ifelse(columns %in% names(used), used[columns], "NULL")
people <- read.csv(files[1], colClasses = unname(classes), na.strings = "")
people$agree_1 <- factor(people$agree_1)
options(survey.lonely.psu = "fail")
sample <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = people, nest = TRUE)
figures <- function(people, segment, level) {
  share <- svymean(~agree_1, people, na.rm = TRUE)
  data.frame(segment, level, option = sub("^agree_1", "", names(share)), share = coef(share), error = SE(share))
}
states <- lapply(sort(unique(people$state)), function(state) figures(sample[sample$variables$state %in% state, ], "state", state))
book <- do.call(rbind, c(list(figures(sample, "total", "total")), states))
book[c("share", "error")] <- lapply(book[c("share", "error")], function(x) format(x, digits = 17))
write.csv(book, files[2], row.names = FALSE, quote = FALSE)
