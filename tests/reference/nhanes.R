# Writes nhanes.csv. Run from the repository root: Rscript tests/reference/nhanes.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

data <- read.csv(file.path(here, "../../data/nhanes/responses.csv"))
stopifnot(nrow(data) == 8591)
design <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE,
                    data = data)

hi_chol <- ifelse(is.na(data$HI_CHOL), NA, as.character(data$HI_CHOL))
questions <- list(single_question("hi_chol", hi_chol, c("0", "1")))
segments <- list(
  segment("race", data$race, 1:4),
  segment("agecat", data$agecat, c("(0,19]", "(19,39]", "(39,59]", "(59,Inf]")),
  segment("sex", data$RIAGENDR, 1:2))

write_reference(file.path(here, "nhanes.csv"), design, questions, segments)
report_checks()
