# Writes packed.csv from tests/cmd/quality/packed.csv: made-up responses with lists of answers in one cell, codes of
# answers in several, and respondents who are left out, as packed.toml there says. Everything is unpacked and taken away by hand.
# Run from the repository root: Rscript tests/reference/packed.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

data <- read_text_csv(file.path(here, "../cmd/quality/packed.csv"))
stopifnot(nrow(data) == 160)
data$w <- as.numeric(data$w)

# Break-offs, then all but the first of an id, then those below 0.4 of the median of those left.
data <- data[data$Finished == "True", ]
data <- data[!duplicated(data$id), ]
seconds <- as.numeric(data$seconds)
data <- data[seconds >= 0.4 * median(seconds), ]
stopifnot(nrow(data) == 145)

# A list is split at ", ", which one choice holds itself: it is hidden first.
brands <- c("Acme", "Bolt, Inc.", "Cargo", "none of these")
hidden <- gsub("Bolt, Inc.", "Bolt; Inc.", data$brands, fixed = TRUE)
lists <- lapply(strsplit(hidden, ", ", fixed = TRUE), gsub, pattern = ";", replacement = ",")
is_given <- !is.na(data$brands) & data$brands != "-99"
stopifnot(unlist(lists[is_given]) %in% brands)
has <- function(brand) ifelse(is_given, as.character(+vapply(lists, `%in%`, TRUE, x = brand)), NA)

# 98 is no answer, but counts in the base; nothing at all does not.
cells <- as.matrix(data[c("first", "second", "third")])
in_base <- rowSums(!is.na(cells)) > 0
holds <- function(code) ifelse(in_base, as.character(+(rowSums(cells == code, na.rm = TRUE) > 0)), NA)

ticks <- function(x) c(yes = "1", no = "0")[x]

questions <- list(
  multiple_question("brands", setNames(lapply(brands, has), brands)),
  multiple_question("named", setNames(lapply(as.character(1:4), holds), 1:4)),
  multiple_question("news", list(tv = unname(ticks(data$news_tv)), web = unname(ticks(data$news_web)))))
segments <- list(segment("sex", data$sex, c("f", "m")))

design <- svydesign(ids = ~1, weights = ~w, data = data)
write_reference(file.path(here, "packed.csv"), design, questions, segments)
report_checks()
