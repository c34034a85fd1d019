# Writes data/api*.csv (from survey's `api` data) and one reference file per
# design: api_strat.csv, api_clus1.csv, api_weights.csv, api_srs.csv.
# Run from the repository root: Rscript tests/reference/api.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))
data(api)

columns <- c("stype", "sch.wide", "comp.imp", "both", "awards", "yr.rnd", "dnum",
             "api00", "enroll", "pw", "fpc")
written <- function(frame, name) through_csv(frame[, columns], file.path(here, "data", name))

strat <- written(apistrat, "apistrat.csv")
clus1 <- written(apiclus1, "apiclus1.csv")
srs <- written(apisrs, "apisrs.csv")

present <- function(column) sort(unique(as.character(column[!is.na(column)])))

questions <- function(d) list(
  single_question("sch_wide", d$sch.wide, c("No", "Yes")),
  single_question("stype", d$stype, c("E", "H", "M")),
  single_question("comp_imp", d$comp.imp, c("No", "Yes")),
  mean_question("api00", d$api00),
  mean_question("enroll", d$enroll))

segments <- function(d) list(
  segment("stype", d$stype, present(d$stype), skip = "stype"),
  segment("awards", d$awards, present(d$awards)),
  segment("yr_rnd", d$yr.rnd, present(d$yr.rnd)))

reference <- function(name, data, design)
  write_reference(file.path(here, name), design, questions(data), segments(data))

reference("api_strat.csv", strat,
          svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat))
reference("api_clus1.csv", clus1,
          svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1))
reference("api_weights.csv", strat, svydesign(id = ~1, weights = ~pw, data = strat))
reference("api_srs.csv", srs, svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = srs))
report_checks()
