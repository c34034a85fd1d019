# Writes data/lonely.csv and, for strata with a single unit, lonely_units.csv and lonely_respondents.csv.
# Run from the repository root: Rscript tests/reference/lonely.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# "adjust": survey 4.1-1 does not centre the total of a lonely unit at all; survey 4.5 centres it at the mean of all
# units, as topline does (both read, only 4.1-1 run). What units add to a share or a mean sums to 0 in every domain, so
# that mean is 0 and nothing differs; totals, which topline does not estimate, would. The script checks the sum.
#
# "average": subset() drops the rows outside of a domain, so that R averages over the strata that the domain reaches.
# Of a calibrated design it keeps them and averages over all; topline has no such designs.
#
# survey.adjust.domain.lonely stays FALSE, R's default: one unit left by a domain in a stratum of several is no lonely
# unit. The script says how many rows TRUE would change.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

# c and h are lonely as units, e also as respondents; the one unit of f is all that there is; nobody in i counts.
strata <- data.frame(
  stratum = letters[1:9],
  units = c(3, 4, 1, 2, 1, 1, 3, 1, 2),
  people = c(4, 3, 5, 5, 1, 4, 3, 6, 2),
  population = c(30, 12, 9, 40, 6, 1, 20, 5, 10),
  region = c("north", "north", "north", "south", "south", "harbour", "south", "island", "north"))
made <- do.call(rbind, lapply(seq_len(nrow(strata)), function(h) {
  stratum <- strata[h, ]
  unit <- rep(seq_len(stratum$units), each = stratum$people)
  data.frame(stratum = stratum$stratum, unit = unit, population = stratum$population, region = stratum$region)
}))
set.seed(1)
rows <- nrow(made)
made$weight <- round(runif(rows, 0.5, 2), 2)
made$weight[made$stratum == "i" | (made$stratum == "g" & made$unit == 3)] <- 0
made$sex <- sample(c("female", "male"), rows, replace = TRUE)
# Members are in one unit of a and one of b: a domain that is lonely in strata that are not.
made$member <- ifelse(made$stratum == "d" | (made$stratum %in% c("a", "b", "c") & made$unit == 1), "yes", "no")
made$answer <- sample(c("yes", "no", "unsure", NA), rows, replace = TRUE, prob = c(5, 3, 2, 1))
made$minutes <- round(rexp(rows, 1 / 30))
path <- file.path(here, "data/lonely.csv")
write_table(made, path, number = shortest)
data <- read.csv(path, na.strings = "")

questions <- list(single_question("answer", data$answer, c("yes", "no", "unsure")),
                  mean_question("minutes", data$minutes))
segments <- list(segment("region", data$region, c("north", "south", "harbour", "island")),
                 segment("sex", data$sex, c("female", "male")),
                 segment("member", data$member, c("yes", "no")))
designs <- list(
  lonely_units = svydesign(id = ~unit, strata = ~stratum, nest = TRUE, weights = ~weight, fpc = ~population,
                           data = data),
  lonely_respondents = svydesign(id = ~1, strata = ~stratum, weights = ~weight, data = data))

for (name in names(designs)) {
  design <- designs[[name]]
  options(survey.lonely.psu = "fail")
  stopifnot(inherits(try(svymean(~minutes, design), silent = TRUE), "try-error"))
  options(survey.lonely.psu = "adjust")
  influence <- attr(svymean(~minutes, design, influence = TRUE), "influence")
  stopifnot(abs(sum(influence)) < NOISE * max(data$minutes))

  table <- do.call(rbind, lapply(c("certainty", "remove", "adjust", "average"), function(treatment) {
    options(survey.lonely.psu = treatment)
    options(survey.adjust.domain.lonely = TRUE)
    adjusted <- suppressWarnings(reference_table(design, questions, segments, check = FALSE))
    options(survey.adjust.domain.lonely = FALSE)
    table <- reference_table(design, questions, segments)
    changed <- !mapply(function(a, b) isTRUE(all.equal(a, b)), adjusted$standard_error, table$standard_error)
    cat(sprintf("%s, %s: survey.adjust.domain.lonely would change %d of %d rows\n", name, treatment,
                sum(changed), nrow(table)))
    stopifnot(treatment %in% c("adjust", "average") || !any(changed))
    cbind(lonely_unit = treatment, table)
  }))
  write_table(table, file.path(here, paste0(name, ".csv")))
  cat(sprintf("%s.csv: %d rows, df = %g\n", name, nrow(table), degf(design)))
}
report_checks()
