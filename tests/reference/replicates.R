# Writes replicates.csv and its data: data/replicates_*.csv (invented respondents
# with replicate weights) and data/replicate_scales.csv.
# Run from the repository root: Rscript tests/reference/replicates.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1; a few minutes.
#
# Three groups of designs.
# 1. Replicate weights read from the columns r1, r2, ... of a file, combined with the
#    base weight (`combined.weights = TRUE`).
# 2. `made_*`: as.svrepdesign() makes the replicates from a design.
# 3. `topline_*`: topline makes the factors; here they are checked by definition, and R computes the rest.
# Which scale, rscales and centre each type has, and the formulas of the weights, are
# in README.md ("replicates.csv"). The weights in the files are rounded to 8 decimals:
# the references are computed from what the files say.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

## ---- statistics ------------------------------------------------------------

rows <- list()

# One design's rows. `spec` names the columns: question (single choice), number,
# second (denominator of the ratio), segments (named list: column -> levels).
# Missing answers are out of the statistic's domain; subset() takes their rows out
# of all replicates. df is degf() of the full design in every row: degf() of a
# subset is another number in R (the rank of the subset's weights).
add_design <- function(name, type, design, spec) {
  df <- degf(design)
  t <- qt(0.975, df)
  mse <- if (isTRUE(design$mse)) "TRUE" else "FALSE"
  add <- function(statistic, variable, option, segment, level, estimate, se, ci = estimate + c(-1, 1) * t * se) {
    estimate <- as.numeric(estimate)
    se <- as.numeric(se)
    stopifnot(is.finite(estimate), is.finite(se))
    rows[[length(rows) + 1]] <<- data.frame(
      design = name, type = type, mse = mse, statistic = statistic, variable = variable, option = option,
      segment = segment, level = level, estimate = estimate, standard_error = se, df = df,
      ci_low = as.numeric(ci)[1], ci_high = as.numeric(ci)[2])
  }
  v <- design$variables
  single <- as.character(v[[spec$question]])
  number <- as.numeric(v[[spec$number]])
  second <- as.numeric(v[[spec$second]])
  options <- sort(unique(single[!is.na(single)]))
  domains <- list(list("total", "total", rep(TRUE, nrow(v))))
  for (s in names(spec$segments)) for (level in spec$segments[[s]])
    domains[[length(domains) + 1]] <- list(s, level, !is.na(v[[s]]) & as.character(v[[s]]) == level)

  for (d in domains) {
    answered <- d[[3]] & !is.na(single)
    for (option in options) {
      design$variables$.y <- as.numeric(answered & single == option)
      design$variables$.d <- answered
      share <- svymean(~.y, subset(design, .d))
      add("share", spec$question, option, d[[1]], d[[2]], coef(share), SE(share))
      count <- svytotal(~.y, design)
      add("count", spec$question, option, d[[1]], d[[2]], coef(count), SE(count))
    }
    known <- d[[3]] & !is.na(number)
    design$variables$.y <- ifelse(known, number, 0)
    design$variables$.d <- known
    inside <- subset(design, .d)
    mean <- svymean(~.y, inside)
    add("mean", spec$number, "", d[[1]], d[[2]], coef(mean), SE(mean))
    total <- svytotal(~.y, inside)
    add("total", spec$number, "", d[[1]], d[[2]], coef(total), SE(total))
    for (kind in c("mean", "quantile")) {
      q <- suppressWarnings(suppressMessages(
        svyquantile(~.y, inside, 0.5, interval.type = kind, qrule = "math", df = df)))[[1]]
      add(c(mean = "median_woodruff", quantile = "median_replicates")[[kind]], spec$number, "", d[[1]], d[[2]],
          q[1, 1], q[1, 4], q[1, 2:3])
    }
    both <- known & !is.na(second)
    design$variables$.x <- ifelse(both, second, 1)
    design$variables$.d <- both
    ratio <- svyratio(~.y, ~.x, subset(design, .d))
    add("ratio", paste0(spec$number, "/", spec$second), "", d[[1]], d[[2]], coef(ratio), SE(ratio))
  }

  # Differences B - A and odds ratios odds(B)/odds(A): the statistic in every replicate.
  domain_mean <- function(w, y, d) sum((w * y)[d]) / sum(w[d])
  for (s in names(spec$segments)) {
    levels <- spec$segments[[s]]
    for (i in seq_along(levels)[-1]) {
      label <- paste(levels[i], "-", levels[1])
      ratio_label <- paste(levels[i], "/", levels[1])
      inside <- lapply(levels[c(1, i)], function(l) !is.na(v[[s]]) & as.character(v[[s]]) == l)
      difference <- function(y, known) withReplicates(design, function(w, data)
        domain_mean(w, y, inside[[2]] & known) - domain_mean(w, y, inside[[1]] & known))
      for (option in options) {
        y <- as.numeric(!is.na(single) & single == option)
        x <- difference(y, !is.na(single))
        add("difference_share", spec$question, option, s, label, coef(x), SE(x))
        log_odds_ratio <- function(w) {
          p <- vapply(inside, function(d) domain_mean(w, y, d & !is.na(single)), 0)
          qlogis(p[2]) - qlogis(p[1])
        }
        p <- vapply(inside, function(d) domain_mean(design$pweights, y, d & !is.na(single)), 0)
        if (any(p == 0 | p == 1)) next
        logs <- withReplicates(design, function(w, data) log_odds_ratio(w), return.replicates = TRUE)
        if (!all(is.finite(logs$replicates))) next # a replicate with a share of 0 or 1
        add("log_odds_ratio", spec$question, option, s, ratio_label, logs$theta, sqrt(attr(logs$theta, "var")))
        odds <- withReplicates(design, function(w, data) exp(log_odds_ratio(w)))
        add("odds_ratio", spec$question, option, s, ratio_label, coef(odds), SE(odds))
        # What svycontrast does with a stat that carries no replicates: the delta method.
        design$variables$.y <- y
        design$variables$.g <- factor(ifelse(inside[[1]], "a", ifelse(inside[[2]], "b", NA)))
        design$variables$.d <- !is.na(single) & !is.na(design$variables$.g)
        by <- svyby(~.y, ~.g, subset(design, .d), svymean, covmat = TRUE)
        linear <- svycontrast(by, c(a = -1, b = 1))
        stopifnot(abs(coef(linear) - coef(x)) < 1e-12, abs(SE(linear) - SE(x)) < 1e-10)
        delta <- svycontrast(by, quote((b / (1 - b)) / (a / (1 - a))))
        add("odds_ratio_delta", spec$question, option, s, ratio_label, coef(delta), SE(delta))
      }
      x <- difference(ifelse(is.na(number), 0, number), !is.na(number))
      add("difference_mean", spec$number, "", s, label, coef(x), SE(x))
    }
  }
}

## ---- invented respondents --------------------------------------------------

set.seed(20240611)
# units: stratum and unit of every unit; population: units of the stratum's population.
respondents <- function(strata_sizes, population, per_unit) {
  unit_stratum <- rep(seq_along(strata_sizes), strata_sizes)
  size <- per_unit + sample(-1:1, length(unit_stratum), replace = TRUE)
  unit <- rep(seq_along(unit_stratum), size)
  n <- length(unit)
  stratum <- unit_stratum[unit]
  lean <- rnorm(length(unit_stratum), 0, 0.5)[unit]
  frame <- data.frame(
    stratum = stratum, unit = unit, population = population[stratum],
    weight = round((8 + 3 * (stratum %% 4)) * runif(n, 0.6, 1.8), 2),
    region = c("north", "south", "west")[1 + unit %% 3],
    sex = sample(c("female", "male"), n, replace = TRUE),
    answer = c("no", "unsure", "yes")[1 + rowSums(outer(lean + rnorm(n), c(-0.3, 0.4), ">"))],
    minutes = round(exp(3 + 0.3 * lean + rnorm(n, 0, 0.6)), 1),
    visits = 1 + rpois(n, 2))
  frame$answer[sample(n, 5)] <- NA
  frame$minutes[sample(n, 4)] <- NA
  frame
}
paired <- respondents(rep(2, 12), rep(c(20, 30, 45, 60), 3), 5)
uneven <- respondents(c(3, 4, 5, 4, 6), c(12, 30, 25, 80, 18), 5)
# Regions of `uneven` are whole units; in `paired` a half-sample would drop all of one.
paired$region <- sample(c("north", "south", "west"), nrow(paired), replace = TRUE)
spec <- list(question = "answer", number = "minutes", second = "visits",
             segments = list(region = c("north", "south", "west"), sex = c("female", "male")))

## ---- weights ---------------------------------------------------------------

# Factors, units x replicates; weight of a respondent: base weight x factor of the unit.
units_of <- function(d) d[!duplicated(d$unit), c("unit", "stratum", "population")]

jk1_factors <- function(u) {
  n <- nrow(u)
  f <- matrix(n / (n - 1), n, n)
  diag(f) <- 0
  f
}
jkn_factors <- function(u) {
  f <- matrix(1, nrow(u), nrow(u))
  for (j in seq_len(nrow(u))) {
    same <- u$stratum == u$stratum[j]
    f[same, j] <- sum(same) / (sum(same) - 1)
    f[j, j] <- 0
  }
  f
}
jkn_rscales <- function(u) {
  n <- table(u$stratum)[as.character(u$stratum)]
  as.vector((n - 1) / n)
}
# One replicate a stratum: one unit of the pair doubled, the other dropped.
jk2_factors <- function(u) {
  f <- matrix(1, nrow(u), nrow(u) / 2)
  for (h in unique(u$stratum)) {
    pair <- sample(which(u$stratum == h))
    f[pair, h] <- c(2, 0)
  }
  f
}
# Sylvester's Hadamard matrix of +-1; its first row is all ones and is not used.
sylvester <- function(order) {
  h <- matrix(1)
  while (nrow(h) < order) h <- rbind(cbind(h, h), cbind(h, -h))
  h
}
brr_factors <- function(u, rho = 0) {
  h <- sylvester(16)[1 + u$stratum, ]
  first <- !duplicated(u$stratum)
  1 + (1 - rho) * ifelse(first, 1, -1) * h
}
# Canty & Davison: n_h units of n_h with replacement. Rao & Wu: n_h - 1 of n_h, times n_h/(n_h - 1).
bootstrap_factors <- function(u, replicates, rao_wu) {
  f <- matrix(0, nrow(u), replicates)
  for (h in unique(u$stratum)) {
    here <- which(u$stratum == h)
    n <- length(here)
    draws <- n - rao_wu
    for (r in seq_len(replicates))
      f[here, r] <- tabulate(sample(n, draws, replace = TRUE), n) * n / draws
  }
  f
}
# Fay & Train: unit i uses the rows i+1 and i+2; the last unit closes the circle with row 2.
sdr_factors <- function(u, order) {
  n <- nrow(u)
  stopifnot(order > n)
  h <- sylvester(order)
  1 + 2^(-1.5) * (h[seq_len(n) + 1, ] - h[seq_len(n) %% n + 2, ])
}

designs <- list()
scales <- list()
# Writes the file, reads it back, builds both designs (mse TRUE and FALSE).
from_file <- function(name, data, factors, type, scale = NULL, rscales = NULL, rho = NULL, file = name) {
  columns <- paste0("r", seq_len(ncol(factors)))
  weights <- round(data$weight * factors[match(data$unit, unique(data$unit)), ], 8)
  colnames(weights) <- columns
  path <- file.path(here, "data", paste0("replicates_", file, ".csv"))
  write_table(cbind(data, weights), path, number = shortest)
  back <- read.csv(path, na.strings = "")
  for (mse in c(TRUE, FALSE)) {
    design <- suppressWarnings(svrepdesign(data = back, repweights = back[, columns], weights = back$weight,
                                           type = type, scale = scale, rscales = rscales, rho = rho,
                                           combined.weights = TRUE, mse = mse))
    designs[[length(designs) + 1]] <<- list(name = name, type = type, design = design, spec = spec)
  }
  scales[[length(scales) + 1]] <<- data.frame(
    design = name, file = paste0("replicates_", file, ".csv"), type = type, replicate = columns, scale = design$scale, rscale = design$rscales,
    rho = if (is.null(rho)) NA_real_ else rho)
  invisible(back)
}

up <- units_of(paired)
uu <- units_of(uneven)
from_file("jk1", uneven, jk1_factors(uu), "JK1")
from_file("jkn", uneven, jkn_factors(uu), "JKn", rscales = jkn_rscales(uu))
# The same weights with the fpc in rscales, as svrepdesign(fpc =, fpctype = "fraction") multiplies it.
from_file("jkn_fpc", uneven, jkn_factors(uu), "JKn", file = "jkn",
          rscales = jkn_rscales(uu) * (1 - as.vector(table(uu$stratum)[as.character(uu$stratum)]) / uu$population))
from_file("jk2", paired, jk2_factors(up), "JK2")
from_file("brr", paired, brr_factors(up), "BRR")
from_file("fay", paired, brr_factors(up, 0.3), "Fay", rho = 0.3)
harmonic <- 1 / mean(1 / table(uu$stratum))
from_file("bootstrap", uneven, bootstrap_factors(uu, 60, 0), "bootstrap", scale = harmonic / ((harmonic - 1) * 59))
from_file("rao_wu", uneven, bootstrap_factors(uu, 60, 1), "bootstrap")
sdr <- from_file("sdr", paired, sdr_factors(up, 32), "successive-difference")
# An "other" with unequal rscales, one of them 0: that replicate has no part in the
# variance, and not in the mean that mse = FALSE centres at.
from_file("other", uneven, jkn_factors(uu), "other", file = "jkn", scale = 0.8,
          rscales = replace(round(jkn_rscales(uu) * seq(0.7, 1.3, length.out = nrow(uu)), 3), 7, 0))

# SDR is the successive-difference estimator, exactly for totals (closed circle).
local({
  f <- sdr_factors(up, 32)
  y <- tapply(paired$weight, paired$unit, sum)
  v <- 4 / 32 * sum((colSums(f * as.vector(y)) - sum(y))^2)
  stopifnot(abs(v - sum((y - c(y[-1], y[1]))^2) / 2) < 1e-8 * v)
})

## ---- designs made by as.svrepdesign ----------------------------------------

read_api <- function(name) read.csv(file.path(here, "data", name), na.strings = "")
clus1 <- read_api("apiclus1.csv")
srs <- read_api("apisrs.csv")
strat <- read_api("apistrat.csv")
api_spec <- function(...) list(question = "comp.imp", number = "api00", second = "enroll", segments = list(...))

# Once more from the files: whole base weights, the units' own strata and fpc.
paired <- read.csv(file.path(here, "data/replicates_brr.csv"), na.strings = "")
uneven <- read.csv(file.path(here, "data/replicates_jkn.csv"), na.strings = "")
paired_design <- svydesign(id = ~unit, strata = ~stratum, weights = ~weight, data = paired)
paired_fpc <- svydesign(id = ~unit, strata = ~stratum, weights = ~weight, fpc = ~population, data = paired)
uneven_design <- svydesign(id = ~unit, strata = ~stratum, weights = ~weight, data = uneven)
uneven_fpc <- svydesign(id = ~unit, strata = ~stratum, weights = ~weight, fpc = ~population, data = uneven)

made <- function(name, type, design, spec, ...) {
  for (mse in c(TRUE, FALSE)) {
    rep <- suppressWarnings(as.svrepdesign(design, type = type, mse = mse, ...))
    designs[[length(designs) + 1]] <<- list(name = paste0("made_", name), type = type, design = rep, spec = spec)
  }
  scales[[length(scales) + 1]] <<- data.frame(
    design = paste0("made_", name), file = "", type = type, replicate = paste0("r", seq_along(rep$rscales)),
    scale = rep$scale, rscale = rep$rscales, rho = if (type == "Fay") 0.3 else NA_real_)
}
made("jk1_apiclus1", "JK1", svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1),
     api_spec(stype = c("E", "M"))) # the Woodruff interval of H leaves [0, 1]: NaN in R
made("jk1_apisrs", "JK1", svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = srs),
     api_spec(stype = c("E", "H", "M"), awards = c("No", "Yes")))
made("jkn_apistrat", "JKn", svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat),
     api_spec(stype = c("E", "H", "M"), awards = c("No", "Yes")))
made("jkn_uneven", "JKn", uneven_design, spec)
made("jkn_uneven_fpc", "JKn", uneven_fpc, spec)
made("brr_paired", "BRR", paired_design, spec)
made("brr_paired_fpc", "BRR", paired_fpc, spec) # the fpc is dropped, with a warning
made("fay_paired", "Fay", paired_design, spec, fay.rho = 0.3)

## ---- designs made by topline -------------------------------------------------

# Its lots and Hadamard matrices are its own, so their factors are read (cargo test --test reference -- --ignored
# writes them); svrepdesign() combines them with the base weights. That they are what their type says:
own <- read.csv(file.path(here, "data/made_factors.csv"))
own_factors <- function(name, units) {
  rows <- own[own$design == name, ]
  stopifnot(rows$unit == rep(units, each = length(unique(rows$replicate))))
  matrix(rows$factor, nrow = length(units), byrow = TRUE)
}
# With D = F - 1 the variance of a total of unit sums y is y' (scale D D') y. For pairs that is the squared difference
# within each, whichever unit is doubled; for successive differences half of those between neighbours in a circle.
pairs_of <- function(u) outer(u$stratum, u$stratum, "==") * outer(!duplicated(u$stratum), !duplicated(u$stratum),
                                                                  function(a, b) ifelse(a == b, 1, -1))
circle_of <- function(n) {
  following <- diag(n)[c(2:n, 1), ]
  diag(n) - (following + t(following)) / 2
}
same_matrix <- function(f, scale, expected) stopifnot(abs(scale * tcrossprod(f - 1) - expected) < 1e-12)
from_topline <- function(name, data, type, scale, rho = NULL, check) {
  u <- units_of(data)
  f <- own_factors(name, u$unit)
  check(f, scale, u)
  for (mse in c(TRUE, FALSE)) {
    design <- suppressWarnings(svrepdesign(data = data, repweights = f[match(data$unit, u$unit), ], weights = data$weight,
                                           type = type, scale = scale, rho = rho, combined.weights = FALSE, mse = mse))
    stopifnot(abs(design$scale - scale) < 1e-15, design$rscales == 1)
    designs[[length(designs) + 1]] <<- list(name = name, type = type, design = design, spec = spec)
  }
}
from_topline("topline_jk2", paired, "JK2", 1, check = function(f, scale, u) {
  stopifnot(f %in% c(0, 1, 2), rowSums(f != 1) == 1, ncol(f) == nrow(u) / 2)
  same_matrix(f, scale, pairs_of(u))
})
from_topline("topline_brr", paired, "BRR", 1 / 16, check = function(f, scale, u) {
  stopifnot(f %in% c(0, 2))
  same_matrix(f, scale, pairs_of(u))
})
from_topline("topline_fay", paired, "Fay", 1 / (16 * 0.7^2), rho = 0.3, check = function(f, scale, u) {
  stopifnot(abs(abs(f - 1) - 0.7) < 1e-15)
  same_matrix(f, scale, pairs_of(u))
})
# Rao and Wu: n_h - 1 draws in each stratum, n_h/(n_h - 1) for each time drawn.
from_topline("topline_bootstrap", uneven, "bootstrap", 1 / 19, check = function(f, scale, u) {
  n <- as.vector(table(u$stratum)[as.character(u$stratum)])
  drawn <- f * (n - 1) / n
  stopifnot(abs(drawn - round(drawn)) < 1e-12, abs(rowsum(drawn, u$stratum) - (as.vector(table(u$stratum)) - 1)) < 1e-12)
})
from_topline("topline_sdr", paired, "successive-difference", 4 / 32, check = function(f, scale, u)
  same_matrix(f, scale, circle_of(nrow(u))))
# 24 units on 15 rows: neighbours still share a row and have nothing else in common.
from_topline("topline_sdr_short", paired, "successive-difference", 4 / 16, check = function(f, scale, u) {
  between <- scale * tcrossprod(f - 1)
  here <- cbind(1:23, 2:24)
  stopifnot(abs(diag(between) - 1) < 1e-12, abs(between[here] + 0.5) < 1e-12)
})

# degf() is a rank to a tolerance of 1e-5: here no singular value is near it.
for (d in designs) {
  s <- svd(weights(d$design, "analysis"), nu = 0, nv = 0)$d
  rank <- degf(d$design) + 1
  stopifnot(s[rank] > 1e-3 * s[1], rank == length(s) || s[rank + 1] < 1e-8 * s[1])
}

for (d in designs) add_design(d$name, d$type, d$design, d$spec)
table <- do.call(rbind, rows)

# Which rows of BRR and Fay depend on the Hadamard matrix: R's (16) and Sylvester's,
# rows shuffled, on the same pairs.
local({
  keep <- rows
  other <- (sylvester(16)[c(1, 1 + sample(15)), ] + 1) / 2
  for (rho in c(0, 0.3)) for (mse in c(TRUE, FALSE)) {
    type <- if (rho == 0) "BRR" else "Fay"
    name <- if (rho == 0) "made_brr_paired" else "made_fay_paired"
    rows <<- list()
    add_design(name, type, as.svrepdesign(paired_design, type = type, fay.rho = rho, mse = mse,
                                          hadamard.matrix = other), spec)
    second <- do.call(rbind, rows)
    first <- table[table$design == name & table$mse == as.character(mse), ]
    same <- tapply(abs(second$standard_error / first$standard_error - 1) < 1e-9, first$statistic, all)
    stopifnot(same[c("count", "total")], !any(same[setdiff(names(same), c("count", "total"))]))
  }
  rows <<- keep
})

# JKn of a linear statistic is the linearised variance, fpc included.
local({
  for (d in list(uneven_design, uneven_fpc)) {
    jkn <- as.svrepdesign(d, type = "JKn", mse = TRUE)
    stopifnot(abs(SE(svytotal(~visits, jkn)) / SE(svytotal(~visits, d)) - 1) < 1e-10)
  }
})

write_table(table, file.path(here, "replicates.csv"))
write_table(do.call(rbind, scales), file.path(here, "data/replicate_scales.csv"))
cat(sprintf("replicates.csv: %d rows\n", nrow(table)))
print(unique(table[, c("design", "type", "df")]), row.names = FALSE)
print(xtabs(~statistic + design, table)[, 1:3])
