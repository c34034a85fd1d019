# Writes responses.csv from the data set `nhanes` of R's survey package.
# Run from the repository root: Rscript data/nhanes/make.R
suppressPackageStartupMessages(library(survey))

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
dir <- if (length(file) == 1) dirname(normalizePath(file)) else "data/nhanes"

data(nhanes)
stopifnot(nrow(nhanes) == 8591)

# The shortest decimal (15 to 17 digits) that reads back as the same double.
exact <- function(x) {
  vapply(x, function(v) {
    if (is.na(v)) return("")
    for (digits in 15:17) {
      s <- sprintf("%.*g", digits, v)
      if (as.numeric(s) == v) return(s)
    }
    stop("no exact decimal for ", v)
  }, "")
}

out <- as.data.frame(lapply(nhanes, function(column) {
  if (is.factor(column)) paste0("\"", column, "\"") else exact(column)
}))
out <- out[, c("SDMVPSU", "SDMVSTRA", "WTMEC2YR", "HI_CHOL", "race", "agecat", "RIAGENDR")]
lines <- c(paste(names(out), collapse = ","), do.call(paste, c(unname(out), sep = ",")))
path <- file.path(dir, "responses.csv")
con <- file(path, open = "wb")
writeLines(lines, con, sep = "\n")
close(con)

# It reads back as exactly the same values.
back <- read.csv(path)
back$agecat <- factor(back$agecat, levels = levels(nhanes$agecat))
for (name in names(out)) {
  want <- nhanes[[name]]
  got <- back[[name]]
  if (is.factor(want)) stopifnot(identical(as.character(want), as.character(got)))
  else stopifnot(identical(as.numeric(want), as.numeric(got)))
}
cat(nrow(back), "rows written\n")
