# Writes simulated.csv from data/simulated.csv, which `topline simulate` made: see data/simulated.toml.
# Run from the repository root: Rscript tests/reference/simulated.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

data <- read.csv(file.path(here, "data/simulated.csv"), na.strings = "")
stopifnot(nrow(data) == 500, is.na(data$satisfied[data$uses != "yes"]))
design <- svydesign(id = ~unit, strata = ~stratum, nest = TRUE, weights = ~weight, fpc = ~population, data = data)

channels <- c("mail", "phone", "visit")
questions <- list(
  single_question("uses", data$uses, c("yes", "no")),
  single_question("satisfied", data$satisfied, c(1:4, "dont_know")),
  # The mean of a scale is that of those whose answer has a value.
  mean_question("satisfied", suppressWarnings(as.numeric(data$satisfied))),
  multiple_question("channel", setNames(lapply(channels, function(o) as.character(data[[paste0("channel_", o)]])),
                                        channels)),
  mean_question("minutes", data$minutes))
bands <- c("18-39", "40-59", "60+")
segments <- list(
  segment("age", cut(data$age, c(18, 40, 60, Inf), right = FALSE, labels = bands), bands),
  segment("region", data$region, c("north", "east", "south", "west")))

write_reference(file.path(here, "simulated.csv"), design, questions, segments)
report_checks()
