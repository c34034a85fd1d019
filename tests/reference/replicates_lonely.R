# Writes replicates_lonely.csv: the jackknife that as.svrepdesign makes of data/lonely.csv, in which strata have a single
# unit, a unit that is all there is (f), units without a weight (g, i), under every survey.lonely.psu.
# Run from the repository root: Rscript tests/reference/replicates_lonely.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# survey.drop.replicates is off: left on, svytotal takes units that are all there is out of the replicates but not out of
# the estimate (survey 4.1-1, svytotal.svyrep.design), and with mse = TRUE their total counts as error.
#
# fpc goes in as corrections 1 - n/N: given as populations (fpctype "population", the default of as.svrepdesign) a unit that
# is all there is (f) counts as lonely, because jknweights asks whether the population, not the correction, is 0. Given as a
# correction of 0 it makes a replicate that is multiplied by 0; that is taken out here, and out of the scale of "average", as
# jk1weights does itself with populations in strata of several units.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

options(survey.drop.replicates = FALSE)
data <- read.csv(file.path(here, "data/lonely.csv"), na.strings = "")
data$yes <- as.numeric(data$answer == "yes")
design <- svydesign(id = ~unit, strata = ~stratum, nest = TRUE, weights = ~weight, fpc = ~population, data = data)
sampled <- tapply(paste(data$stratum, data$unit), data$stratum, function(unit) length(unique(unit)))
correction <- 1 - sampled / tapply(data$population, data$stratum, unique)
correction <- setNames(as.vector(correction), names(correction))

rows <- list()
for (treatment in c("certainty", "remove", "adjust", "average")) {
  for (mse in c(TRUE, FALSE)) {
    options(survey.lonely.psu = treatment)
    replicates <- suppressWarnings(as.svrepdesign(design, type = "JKn", mse = mse, fpc = correction,
                                                   fpctype = "correction"))
    kept <- replicates$rscales > 0
    scale <- if (treatment == "average") sum(sampled) / sum(kept) else 1
    replicates <- svrepdesign(data = data, repweights = weights(replicates, "replication")[, kept], weights = ~weight,
                              type = "other", scale = scale, rscales = replicates$rscales[kept],
                              combined.weights = FALSE, mse = mse)
    df <- degf(replicates)
    for (level in c("total", "north", "south", "female", "male")) {
      keep <- switch(level, total = rep(TRUE, nrow(data)), female = , male = data$sex == level, data$region == level)
      answered <- subset(replicates, keep & !is.na(answer))
      timed <- subset(replicates, keep & !is.na(minutes))
      found <- list(share = svymean(~yes, answered), count = svytotal(~yes, answered),
                    mean = svymean(~minutes, timed), total = svytotal(~minutes, timed))
      for (statistic in names(found)) {
        rows[[length(rows) + 1]] <- data.frame(
          lonely_unit = treatment, mse = mse, statistic = statistic, level = level,
          estimate = as.vector(coef(found[[statistic]])), standard_error = as.vector(SE(found[[statistic]])), df = df)
      }
    }
  }
}
table <- do.call(rbind, rows)
write_table(table, file.path(here, "replicates_lonely.csv"))
cat(sprintf("replicates_lonely.csv: %d rows\n", nrow(table)))
print(unique(table[, c("lonely_unit", "df")]), row.names = FALSE)
