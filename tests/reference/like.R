# Writes like.csv: shares and quantiles as R's survey gives them when nothing is said, for `--like r`.
# Run from the repository root, after designs.R: Rscript tests/reference/like.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# Every domain is a subset() of the full design to those with an answer, and no argument but the level is given:
#   share     svymean(deff = TRUE) of an indicator; svyciprop(): logit, t with degf() of the subset
#   quantile  svyquantile(): qrule = "math", interval.type = "mean" (Wald limits of the share up to the estimate), t with
#             degf() of the subset
# Two things are otherwise here. svyquantile gives one limit where the other is outside of 0 to 1; both are empty here, as
# is the error then in R itself. And "math" of survey 4.1-1 takes the second answer for a part below the first one (corrected
# in 4.5): it is the first. The script stops where R gives something else for any other reason.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

rows <- list()
add <- function(place, statistic, item, estimate, standard_error, ends, df, deff = NA) {
  if (anyNA(ends)) ends <- c(NA, NA)
  rows[[length(rows) + 1]] <<- c(place, list(statistic = statistic, item = item, estimate = estimate,
    standard_error = standard_error, ci_low = ends[1], ci_high = ends[2], df = df, design_effect = deff))
}

defaults_of <- function(name, design, question, numbers, segment) {
  column <- design$variables[[segment]]
  for (level in c("total", sort(unique(column)))) {
    place <- list(design = name, segment = if (level == "total") "total" else segment, level = level)
    for (option in sort(unique(design$variables[[question]]))) {
      design$variables$.said <- as.numeric(design$variables[[question]] == option)
      domain <- subset(design, level == "total" | column == level)
      share <- svymean(~.said, domain, deff = TRUE)
      add(c(place, variable = question), "share", option, as.numeric(coef(share)), as.numeric(SE(share)),
          as.numeric(confint(svyciprop(~.said, domain))), degf(domain), as.numeric(deff(share)))
    }
    for (variable in numbers) {
      design$variables$.x <- design$variables[[variable]]
      domain <- subset(design, !is.na(.x) & (level == "total" | column == level))
      for (p in c(0.1, 0.25, 0.5, 0.75, 0.9)) {
        found <- quantile_of(domain, p, degf(domain))
        add(c(place, variable = variable), "quantile", p, found[1], found[4], found[2:3], degf(domain))
      }
    }
  }
}

read_data <- function(name) read.csv(file.path(here, "data", name), na.strings = "", check.names = FALSE)
clus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = read_data("apiclus2.csv"))
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = read_data("apistrat.csv"))
defaults_of("clus2_fpc", clus2, "comp.imp", c("api00", "enroll"), "stype")
defaults_of("strat_fpc", strat, "comp.imp", c("api00", "enroll"), "stype")

# The example that is named in the documentation of topline.
median <- svyquantile(~api00, clus2, 0.5)$api00[1, ]
stopifnot(median[2:3] == c(580, 766), abs(median[[4]] - 45.978) < 5e-4)

table <- do.call(rbind, lapply(rows, as.data.frame, stringsAsFactors = FALSE))
write_table(table, file.path(here, "like.csv"))
cat(sprintf("like.csv: %d rows\n", nrow(table)))
