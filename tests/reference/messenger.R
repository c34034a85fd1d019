# Writes messenger.csv from data/messenger-2017/responses.csv.
# Run from the repository root: Rscript tests/reference/messenger.R
# (A path to another responses.csv and a path for the output may be given.)
# Written for R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

arguments <- commandArgs(trailingOnly = TRUE)
input <- if (length(arguments) >= 1) arguments[1] else
  file.path(here, "../../data/messenger-2017/responses.csv")
output <- if (length(arguments) >= 2) arguments[2] else file.path(here, "messenger.csv")

data <- read_text_csv(input)

contacts <- c("friends", "family", "colleagues", "companies")
purposes <- c("support", "advice", "newsletter", "competition", "job")
needed <- c("weight", "age", "sex", "region", "education", "use_whatsapp", "frequency",
            paste0("contacts_", contacts), "overdue", "simpler", "future", "imagine",
            paste0("purpose_", purposes), "privacy_fear", "ad_blocker")
absent <- setdiff(needed, names(data))
if (length(absent) > 0) stop("columns missing from the data: ", paste(absent, collapse = ", "))

# Text -> number; stops on anything that is not a number.
number <- function(x) {
  out <- suppressWarnings(as.numeric(x))
  if (any(is.na(out) & !is.na(x))) stop("not a number: ", x[is.na(out) & !is.na(x)][1])
  out
}
data$weight <- number(data$weight)
data$age <- number(data$age)
stopifnot(!is.na(data$weight), data$weight >= 0, any(data$weight > 0))

# Every value must be one of the known codes.
known <- function(name, codes) {
  unknown <- setdiff(unique(data[[name]]), c(codes, NA))
  if (length(unknown) > 0)
    stop("column ", name, " has unknown values: ", paste(unknown, collapse = ", "))
}
yes_no <- c("yes", "no")
yes_no_unsure <- c("yes", "no", "dont_know")
known("sex", c("female", "male"))
known("region", c("1", "2", "3a", "3b", "4", "5", "6", "7"))
known("education", c("high", "middle", "basic", "other"))
known("frequency", c("several_daily", "daily", "weekly", "less"))
for (name in c("use_whatsapp", "imagine", "privacy_fear", "ad_blocker")) known(name, yes_no)
for (name in c("overdue", "simpler", "future")) known(name, yes_no_unsure)
for (name in c(paste0("contacts_", contacts), paste0("purpose_", purposes)))
  known(name, c("0", "1"))

# Who is asked a question; nobody else may have an answer, so that "has an
# answer" and "was asked and has an answer" are the same base.
is_code <- function(name, code) !is.na(data[[name]]) & data[[name]] == code
asked <- function(names, who, label) {
  for (name in names) {
    outside <- sum(!is.na(data[[name]]) & !who)
    if (outside > 0) stop(name, ": ", outside, " answers outside of its base (", label, ")")
  }
}
user <- is_code("use_whatsapp", "yes")
asked(c("frequency", paste0("contacts_", contacts), "simpler", "imagine"), user, "users")
asked("future", is_code("use_whatsapp", "no"), "non-users")
asked(paste0("purpose_", purposes), is_code("imagine", "yes"), "imagine = yes")
asked("privacy_fear", is_code("overdue", "yes"), "overdue = yes")

single <- function(name, options) single_question(name, data[[name]], options)
block <- function(prefix, options)
  multiple_question(prefix, setNames(lapply(options, function(o) data[[paste0(prefix, "_", o)]]),
                                     options))
questions <- list(
  single("use_whatsapp", yes_no),
  single("frequency", c("several_daily", "daily", "weekly", "less")),
  block("contacts", contacts),
  single("overdue", yes_no_unsure),
  single("simpler", yes_no_unsure),
  single("future", yes_no_unsure),
  single("imagine", yes_no),
  block("purpose", purposes),
  single("privacy_fear", yes_no),
  single("ad_blocker", yes_no))

bands <- c("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
age_band <- as.character(cut(data$age, c(18, 25, 35, 45, 55, 65, Inf), right = FALSE,
                             labels = bands))
segments <- list(
  segment("age", age_band, bands),
  segment("sex", data$sex, c("female", "male")),
  segment("region", data$region, c("1", "2", "3a", "3b", "4", "5", "6", "7")),
  segment("education", data$education, c("high", "middle", "basic", "other")),
  segment("user_type", data$use_whatsapp, yes_no),
  segment("potential", data$overdue, c("yes", "no", "dont_know")))

cat(sprintf("%d rows; age missing or below 18: %d; overdue missing: %d\n", nrow(data),
            sum(is.na(age_band)), sum(is.na(data$overdue))))
design <- svydesign(ids = ~1, weights = ~weight, data = data)
write_reference(output, design, questions, segments)
report_checks()
