# Writes weighting.csv, data/weighting_cells.csv and data/weighting_targets.csv: factors of weights, cell by cell.
# Run from the repository root: Rscript tests/reference/weighting.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# A case is some respondents with base weights, one or more margins and perhaps a number, and totals of the population.
# Respondents with the same levels and number (and, where `split`, the same base weight) are a cell, and have the same
# factor, new weight over base weight: this is checked. survey does the weighting, with an epsilon small enough for all
# digits:
#
#   post_stratification  postStratify(one margin)
#   raking               rake, 300 rounds
#   linear               calibrate(calfun = "linear")
#   truncated_linear     calibrate(calfun = "linear", bounds = c(low, high))
#   exponential          calibrate(calfun = "raking")
#   logit                calibrate(calfun = "logit", bounds = c(low, high))
#   within_exponential   calibrate(calfun = "raking", bounds = c(low, high), bounds.const = TRUE): bounds of weights
#   within_linear        the same with calfun = "linear"
#   trim_*               trimWeights(lower = low, upper = high, strict = )
#
# Statistics: `factor` of each cell; `mean`, `lowest`, `highest`, `cv`, `design_effect`, `effective_base` of the
# respondents' weights; `sum` and `fitted` of an influence z (below); `weight` and `trimmed` of respondents.
#
# Of rake by itself: `epsilon` below 1 is multiplied by the sum of weights; 300 rounds go on to where nothing changes.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))
read_data <- function(name) read.csv(file.path(here, "data", name), na.strings = "", check.names = FALSE)
data(api, package = "survey")

## ---- cases -----------------------------------------------------------------

# Levels are numbered from 0 in the order of the factor.
case <- function(name, base, margins, targets, number = NULL, total = NULL, split = FALSE) {
  stopifnot(sapply(margins, nlevels) == lengths(targets))
  list(name = name, base = base, margins = lapply(margins, droplevels), targets = targets, number = number, total = total,
       split = split)
}
population <- function(...) as.vector(table(...))

strat <- read_data("apistrat.csv")
clus1 <- read_data("apiclus1.csv")
nhanes <- read.csv(file.path(here, "..", "..", "data", "nhanes", "responses.csv"), na.strings = "", check.names = FALSE)
ENROLL <- 3811472 # of all schools, as in the package's own examples; apipop lacks some

set.seed(20261125)
n <- 600
synthetic <- data.frame(age = factor(sample(6, n, TRUE, c(3, 5, 5, 4, 3, 2))), sex = factor(sample(2, n, TRUE)),
                        region = factor(sample(5, n, TRUE, 5:1)), school = factor(sample(3, n, TRUE, c(1, 2, 2))),
                        size = round(rexp(n, 1 / 40), 1), weight = sample(c(0.5, 0.8, 1, 1.3, 2.1), n, TRUE))
synthetic$band <- factor((as.integer(synthetic$age) + 1) %/% 2)
ages <- c(80, 110, 100, 120, 130, 100)
of_synthetic <- list(age = ages, sex = c(310, 330), region = c(150, 160, 130, 110, 90), school = c(250, 190, 200))
tall <- as.vector(xtabs(WTMEC2YR ~ race, nhanes)) * c(0.9, 1.02, 1.1, 0.95)
total <- sum(tall)
ends <- function(margin, bend) {
  sums <- as.vector(xtabs(nhanes$WTMEC2YR ~ margin)) * bend
  sums / sum(sums) * total
}

cases <- list(
  case("crossed", strat$pw, list(interaction(strat$awards, strat$stype, lex.order = FALSE)),
       list(population(apipop$awards, apipop$stype))),
  case("strat", strat$pw, list(factor(strat$stype), factor(strat$awards)),
       list(population(apipop$stype), population(apipop$awards))),
  case("strat_enroll", strat$pw, list(factor(strat$stype), factor(strat$awards)),
       list(population(apipop$stype), population(apipop$awards)), strat$enroll, ENROLL),
  case("clus1_enroll", clus1$pw, list(factor(clus1$stype)), list(population(apipop$stype)), clus1$enroll, ENROLL),
  case("nhanes", nhanes$WTMEC2YR, list(factor(nhanes$race), factor(nhanes$agecat), factor(nhanes$RIAGENDR)),
       list(tall, ends(nhanes$agecat, c(1.05, 0.9, 1, 1.1)), ends(nhanes$RIAGENDR, c(1, 1.03)))),
  case("four_margins", synthetic$weight, as.list(synthetic[names(of_synthetic)]), of_synthetic, split = TRUE),
  case("nested_margins", synthetic$weight, as.list(synthetic[c("age", "band", "sex")]),
       list(ages, c(190, 220, 230), c(310, 330))),
  case("four_margins_size", synthetic$weight, as.list(synthetic[names(of_synthetic)]), of_synthetic,
       synthetic$size, 27000, split = TRUE))
names(cases) <- sapply(cases, `[[`, "name")

## ---- cells -----------------------------------------------------------------

levels_of <- function(case) sapply(case$margins, function(margin) as.integer(margin) - 1L)
keys <- function(case) {
  parts <- c(as.data.frame(levels_of(case)), list(case$number), if (case$split) list(case$base))
  do.call(paste, c(parts[lengths(parts) > 0], sep = "|"))
}
cell_of <- lapply(cases, function(case) match(keys(case), unique(keys(case))))

cells <- do.call(rbind, lapply(cases, function(case) {
  cell <- cell_of[[case$name]]
  first <- !duplicated(cell)
  data.frame(case = case$name, cell = cell[first] - 1,
             levels = apply(levels_of(case), 1, paste, collapse = " ")[first],
             number = if (is.null(case$number)) NA_real_ else case$number[first],
             respondents = as.vector(table(cell)), base = as.vector(tapply(case$base, cell, sum)),
             squares = as.vector(tapply(case$base^2, cell, sum)), lowest = as.vector(tapply(case$base, cell, min)),
             highest = as.vector(tapply(case$base, cell, max)))
}))
targets <- do.call(rbind, lapply(cases, function(case) {
  margins <- do.call(rbind, lapply(seq_along(case$targets), function(m)
    data.frame(case = case$name, margin = as.character(m - 1), level = seq_along(case$targets[[m]]) - 1,
               target = case$targets[[m]])))
  rbind(margins, if (!is.null(case$total)) data.frame(case = case$name, margin = "number", level = 0, target = case$total))
}))

## ---- weighting by survey ---------------------------------------------------

design_of <- function(case) {
  frame <- as.data.frame(setNames(case$margins, paste0("m", seq_along(case$margins))))
  if (!is.null(case$number)) frame$number <- case$number
  frame$base <- case$base
  svydesign(id = ~1, weights = ~base, data = frame)
}
table_of <- function(case, m)
  setNames(data.frame(factor(levels(case$margins[[m]])), case$targets[[m]]), c(paste0("m", m), "Freq"))

# Totals of the columns of the model matrix: all, then all levels but the first of each margin. `margins` are those
# without the ones that follow from others.
calibrated <- function(case, margins = seq_along(case$margins), ...) {
  formula <- reformulate(c(paste0("m", margins), if (!is.null(case$number)) "number"))
  totals <- c(sum(case$targets[[1]]), unlist(lapply(case$targets[margins], `[`, -1)), case$total)
  design <- design_of(case)
  names(totals) <- colnames(model.matrix(formula, design$variables))
  calibrate(design, formula, totals, maxit = 500, ...)
}
raked <- function(case) {
  margins <- seq_along(case$margins)
  suppressWarnings(rake(design_of(case), lapply(paste0("~m", margins), as.formula), lapply(margins, table_of, case = case),
                        control = list(maxit = 300, epsilon = 1e-300)))
}

factors <- function(case, method, design, low = NA_real_, high = NA_real_) {
  w <- as.vector(weights(design))
  cell <- cell_of[[case$name]]
  g <- w / case$base
  by_cell <- as.vector(tapply(g, cell, mean))
  stopifnot(abs(g - by_cell[cell]) <= 1e-11 * abs(g))
  for (m in seq_along(case$margins))
    stopifnot(abs(tapply(w, case$margins[[m]], sum) / case$targets[[m]] - 1) < 1e-11)
  if (!is.null(case$number)) stopifnot(abs(sum(w * case$number) / case$total - 1) < 1e-11)
  row <- function(statistic, cell, value)
    data.frame(case = case$name, method = method, low = low, high = high, statistic = statistic, cell = cell, value = value)
  cv <- sqrt(mean((w - mean(w))^2)) / mean(w)
  rbind(row("factor", seq_along(by_cell) - 1, by_cell), row("mean", NA, mean(w)), row("lowest", NA, min(w)),
        row("highest", NA, max(w)), row("cv", NA, cv), row("design_effect", NA, 1 + cv^2),
        row("effective_base", NA, sum(w)^2 / sum(w^2)))
}

EPSILON <- 1e-12
bounded <- function(name, method, calfun, low, high, ...) {
  bounds <- c(low, high)
  factors(cases[[name]], method, calibrated(cases[[name]], calfun = calfun, bounds = bounds, epsilon = EPSILON, ...),
          low, high)
}
free <- function(name, method, calfun, ...)
  factors(cases[[name]], method, calibrated(cases[[name]], calfun = calfun, epsilon = EPSILON, ...))

crossed <- cases$crossed
numberless <- c("strat", "nhanes", "four_margins")
found <- c(
  list(factors(crossed, "post_stratification", postStratify(design_of(crossed), ~m1, table_of(crossed, 1)))),
  lapply(cases[c(numberless, "nested_margins")], function(case) factors(case, "raking", raked(case))),
  lapply(c(numberless, "strat_enroll", "clus1_enroll", "four_margins_size"), free, "linear", "linear"),
  lapply(c(numberless, "strat_enroll", "clus1_enroll", "four_margins_size"), free, "exponential", "raking"),
  list(free("nested_margins", "linear", "linear", margins = c(1, 3)),
       free("nested_margins", "exponential", "raking", margins = c(1, 3)),
       bounded("strat", "logit", "logit", 0.6, 1.5),
       bounded("nhanes", "logit", "logit", 0.7, 1.4),
       bounded("strat_enroll", "logit", "logit", 0.7, 1.6),
       bounded("clus1_enroll", "logit", "logit", 0.3, 3),
       bounded("four_margins", "logit", "logit", 0.3, 4),
       bounded("four_margins_size", "logit", "logit", 0.2, 5),
       bounded("strat_enroll", "truncated_linear", "linear", 0.85, 1.2),
       bounded("clus1_enroll", "truncated_linear", "linear", 0.83, 1.8),
       bounded("four_margins", "truncated_linear", "linear", 0.4, 3),
       bounded("four_margins_size", "truncated_linear", "linear", 0.4, 3),
       bounded("four_margins", "within_linear", "linear", 0.3, 3, bounds.const = TRUE),
       bounded("four_margins", "within_exponential", "raking", 0.3, 3, bounds.const = TRUE),
       bounded("four_margins_size", "within_exponential", "raking", 0.3, 3.5, bounds.const = TRUE)))

## ---- what the targets explain of an influence ------------------------------

# `sum` is the sum of W z over the respondents of a cell, `fitted` x'b of the projection in the metric W. By the source
# of survey:::svyrecvar W is the base weight for calibrate (qr of x sqrt(d)) and for postStratify, and 1 for rake, which
# takes unweighted means by margin ten times: their limit is taken here, and the error of rake itself lies within 1e-6
# of it.
influence <- function(case) {
  set.seed(1)
  as.integer(case$margins[[1]]) + rnorm(length(case$base)) + if (is.null(case$number)) 0 else case$number / 100
}
fitted_rows <- function(case, metric, weight, fitted) {
  cell <- cell_of[[case$name]]
  by_cell <- as.vector(tapply(fitted, cell, mean))
  stopifnot(abs(fitted - by_cell[cell]) <= 1e-10)
  row <- function(statistic, value)
    data.frame(case = case$name, method = metric, low = NA, high = NA, statistic = statistic,
               cell = seq_along(value) - 1, value = value)
  rbind(row("sum", as.vector(tapply(weight * influence(case), cell, sum))), row("fitted", by_cell))
}
error_of <- function(design, x) sqrt(as.numeric(survey:::svyrecvar(x, design$cluster, design$strata, design$fpc,
                                                                    postStrata = design$postStrata)))
residual_error <- function(design, x) { design$postStrata <- NULL; error_of(design, x) }

of_base <- lapply(c("strat", "strat_enroll", "clus1_enroll", "nhanes", "four_margins_size"), function(name) {
  case <- cases[[name]]
  design <- calibrated(case, calfun = "raking", epsilon = EPSILON)
  z <- influence(case)
  w <- weights(design)
  fitted <- qr.fitted(design$postStrata[[1]]$qr, z * sqrt(case$base)) / sqrt(case$base)
  stopifnot(abs(error_of(design, w * z) / residual_error(design, w * (z - fitted)) - 1) < 1e-10)
  fitted_rows(case, "basis_base", case$base, fitted)
})
of_ones <- lapply(c(numberless, "nested_margins"), function(name) {
  case <- cases[[name]]
  design <- raked(case)
  z <- influence(case)
  w <- weights(design)
  rest <- z
  for (round in 1:300) for (margin in case$margins) rest <- rest - ave(rest, margin)
  stopifnot(abs(error_of(design, w * z) / residual_error(design, w * rest) - 1) < 1e-6)
  fitted_rows(case, "basis_ones", 1, z - rest)
})
of_post <- local({
  design <- postStratify(design_of(crossed), ~m1, table_of(crossed, 1))
  z <- influence(crossed)
  w <- weights(design)
  means <- tapply(crossed$base * z, crossed$margins[[1]], sum) / tapply(crossed$base, crossed$margins[[1]], sum)
  fitted <- as.vector(means[crossed$margins[[1]]])
  stopifnot(abs(error_of(design, w * z) / residual_error(design, w * (z - fitted)) - 1) < 1e-10)
  fitted_rows(crossed, "basis_base", crossed$base, fitted)
})

## ---- trimming alone --------------------------------------------------------

trimmed <- function(low, high, strict) {
  set.seed(7)
  weight <- round(rlnorm(80, 0, 0.8), 4)
  design <- svydesign(id = ~1, weights = ~weight, data = data.frame(weight = weight))
  after <- as.vector(weights(trimWeights(design, lower = low, upper = high, strict = strict)))
  stopifnot(abs(sum(after) / sum(weight) - 1) < 1e-12)
  row <- function(statistic, value)
    data.frame(case = "trim", method = if (strict) "trim_until_within" else "trim_once", low = low, high = high,
               statistic = statistic, cell = seq_along(value) - 1, value = value)
  rbind(row("weight", weight), row("trimmed", after))
}
trims <- list(trimmed(-Inf, 2.5, FALSE), trimmed(0.3, 2.5, FALSE), trimmed(0.4, 2, TRUE), trimmed(-Inf, 2, TRUE))

rows <- do.call(rbind, c(found, of_base, of_ones, list(of_post), trims))
write_table(cells, file.path(here, "data", "weighting_cells.csv"))
write_table(targets, file.path(here, "data", "weighting_targets.csv"))
write_table(rows, file.path(here, "weighting.csv"))
cat(sprintf("weighting.csv: %d rows, %d cells, %d targets\n", nrow(rows), nrow(cells), nrow(targets)))
