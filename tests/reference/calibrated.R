# Writes calibrated.csv: figures with weights that were fitted to the population, by linearised and by replicate variances.
# Run from the repository root, after designs.R and replicates.R: Rscript tests/reference/calibrated.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# survey does the weighting and knows of it in what follows (svymean, svytotal, svyvar, svyratio, svyquantile, svycontrast):
#   post     postStratify(one margin)
#   rake     the same weights as rake(), see below
#   linear, linear_bounded, exponential, exponential_bounded, logit, numbers_*, within_*
#            calibrate(calfun = ), `within` with bounds.const = TRUE: bounds of weights
#   own      those of unknown level are a level of their own, with the share of the base weights that they have
#   drop     they are left out with subset() before
#   spread   they count in each level by its target share: numbers between 0 and 1 in the model matrix
#
# Influences are projected on the margins in the metric of some weights W, by the source of survey:::svyrecvar. `calibrate`
# and `postStratify` have W = base weight; `rake` has W = 1: its means of influences by margin are unweighted, whatever
# the base weights, which are not those of Deville & Sarndal (1992, p. 380). So rake() gives the weights here, and
# calibrate(calfun = "raking"), which has the same, the errors: its projection is the regression with base weights. The
# column `rake` has the error of rake() itself, which stops after ten alternations: the same to 1e-6 where base weights are equal
# and margins have little to do with each other. `rake_close` has margins that have much to do with each other.
#
# An error in several stages has the residual of a row in each of them: svyrecvar takes residuals once, before the first.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))
read_data <- function(...) read.csv(file.path(here, ...), na.strings = "", check.names = FALSE)
EPSILON <- 1e-13

## ---- weighting -------------------------------------------------------------

# Margins are named lists of named totals; several columns are crossed by an interaction made before.
as_factors <- function(design, margins) {
  for (m in names(margins)) design$variables[[m]] <- factor(design$variables[[m]], names(margins[[m]]))
  design
}
table_of <- function(margins, m) setNames(data.frame(factor(names(margins[[m]]), names(margins[[m]])), margins[[m]]), c(m, "Freq"))

# Every target must be met.
met <- function(design, margins, numbers = list()) {
  w <- as.vector(weights(design, "sampling"))
  stopifnot(w >= 0)
  for (m in names(margins)) stopifnot(abs(tapply(w, design$variables[[m]], sum) / margins[[m]] - 1) < 1e-11)
  for (x in names(numbers)) {
    value <- design$variables[[x]]
    stopifnot(abs(sum(w * value) - numbers[[x]]) <= 1e-10 * sum(w * abs(value)))
  }
  design
}

# Degrees of freedom of replicates are those before weighting, as they are of linearised variances. R keeps them too, but not
# after calfun = "linear", where it takes the rank of the new weights: 36 instead of 17 of `bootstrap`, which has 22 units.
keep_df <- function(weighted, design) {
  if (inherits(design, "svyrep.design")) weighted$degf <- degf(design)
  weighted
}

calibrated <- function(design, margins, numbers = list(), ...) {
  design <- as_factors(design, margins)
  # Numbers about 1, so that all digits can be met.
  sizes <- vapply(names(numbers), function(x) max(abs(design$variables[[x]])), 0)
  for (x in names(numbers)) design$variables[[paste0("scaled.", x)]] <- design$variables[[x]] / sizes[[x]]
  formula <- reformulate(c(names(margins), if (length(numbers)) paste0("scaled.", names(numbers))))
  totals <- c(if (length(margins)) sum(margins[[1]]) else sum(weights(design)), unlist(lapply(margins, `[`, -1)), unlist(numbers) / sizes)
  names(totals) <- colnames(model.matrix(formula, design$variables))
  keep_df(met(calibrate(design, formula, totals, maxit = 500, epsilon = EPSILON, ...), margins, numbers), design)
}
post_stratified <- function(design, margins)
  keep_df(met(postStratify(as_factors(design, margins), reformulate(names(margins)), table_of(margins, names(margins))), margins),
          design)
# rake() multiplies an epsilon below 1 by the sum of weights: 300 rounds go on to where nothing changes.
raked_by_r <- function(design, margins)
  suppressWarnings(rake(as_factors(design, margins), lapply(names(margins), reformulate),
                        lapply(names(margins), table_of, margins = margins), control = list(maxit = 300, epsilon = 1e-300)))
raked <- function(design, margins) {
  theirs <- raked_by_r(design, margins)
  ours <- calibrated(design, margins, calfun = "raking")
  stopifnot(abs(as.vector(weights(ours, "sampling")) / as.vector(weights(theirs, "sampling")) - 1) < 1e-10)
  ours$theirs <- theirs
  ours
}

## ---- figures ---------------------------------------------------------------

rows <- list()
outside <- function(mask, column) ifelse(mask, column, 0)

figures <- function(case, design, spec) {
  theirs <- design$theirs
  design$theirs <- NULL
  weight <- as.vector(weights(design, "sampling"))
  df <- degf(design)
  v <- design$variables
  is_linearised <- inherits(design, "survey.design2")
  add <- function(statistic, definition, variable, option, segment, level, mask, figure) {
    found <- figure(design)
    rows[[length(rows) + 1]] <<- data.frame(
      case = case, statistic = statistic, definition = definition, variable = variable, option = option, segment = segment,
      level = level, estimate = as.numeric(found[1]), standard_error = as.numeric(found[2]), df = df,
      n_weighted = sum(weight[mask]), rake = if (is.null(theirs)) NA else as.numeric(figure(theirs)[2]))
  }
  estimate <- function(found) c(coef(found), SE(found))
  of_domain <- function(mask, y, f, z = NULL) function(design) {
    design$variables$.y <- outside(mask, y)
    if (!is.null(z)) design$variables$.z <- outside(mask, z)
    design$variables$.mask <- mask
    f(subset(design, .mask))
  }
  domains <- c(list(list("total", "total", rep(TRUE, nrow(v)))), unlist(recursive = FALSE, lapply(spec$segments, function(s)
    lapply(sort(unique(as.character(v[[s]][!is.na(v[[s]])]))), function(level) list(s, level, v[[s]] %in% level)))))
  for (d in domains) {
    answer <- as.character(v[[spec$answer]])
    mask <- d[[3]] & !is.na(answer)
    for (option in sort(unique(answer))) {
      y <- as.numeric(answer %in% option)
      said <- function(statistic, f) add(statistic, "", spec$answer, option, d[[1]], d[[2]], mask, of_domain(mask, y, f))
      said("share", function(domain) estimate(svymean(~.y, domain)))
      said("count", function(domain) estimate(svytotal(~.y, domain)))
    }
    if (is.null(spec$number)) next
    x <- as.numeric(v[[spec$number]])
    mask <- d[[3]] & !is.na(x)
    number <- function(statistic, option, f)
      add(statistic, "", spec$number, option, d[[1]], d[[2]], mask, of_domain(mask, x, f))
    number("mean", "", function(domain) estimate(svymean(~.y, domain)))
    number("total", "", function(domain) estimate(svytotal(~.y, domain)))
    if (is_linearised) {
      number("standard_deviation", "", function(domain) {
        v <- estimate(svyvar(~.y, domain))
        c(sqrt(v[1]), v[2] / (2 * sqrt(v[1])))
      })
      for (p in c(0.25, 0.5)) number("quantile", p, function(domain) quantile_of(update(domain, .x = .y), p, df)[c(1, 4)])
    }
    y <- as.numeric(v[[spec$ratio]])
    both <- mask & !is.na(y)
    add("ratio", "", paste0(spec$ratio, "/", spec$number), "", d[[1]], d[[2]], both,
        of_domain(both, y, function(domain) estimate(svyratio(~.y, ~.z, domain)), x))
  }
  # The differences between two levels, with their covariance.
  if (is.null(spec$pair)) return(invisible())
  segment <- spec$segments[1]
  pair <- function(definition, f) add("difference_levels", definition, "", "", segment, "", FALSE, f)
  name <- function(figure, level) sprintf("%s | %s=%s", figure, segment, level)
  difference <- function(figure, y) {
    pair(paste(name(figure, spec$pair[1]), "-", name(figure, spec$pair[2])), function(design) {
      inside <- function(level) v[[segment]] %in% level & !is.na(y)
      if (!is_linearised) {
        design$variables$.y <- y
        design$variables$.level <- factor(v[[segment]])
        design$variables$.mask <- inside(spec$pair)
        by_level <- svyby(~.y, ~.level, subset(design, .mask), svymean, covmat = TRUE)
        return(estimate(svycontrast(by_level, setNames(c(1, -1), spec$pair))))
      }
      # svyby(covmat = TRUE) of survey 4.1-1 fails on a domain of a calibrated design.
      for (i in 1:2) {
        design$variables[[paste0("y", i)]] <- outside(inside(spec$pair[i]), y)
        design$variables[[paste0("z", i)]] <- as.numeric(inside(spec$pair[i]))
      }
      estimate(svycontrast(svytotal(~y1 + z1 + y2 + z2, design), quote(y1 / z1 - y2 / z2)))
    })
  }
  option <- sort(unique(answer))[1]
  difference(sprintf("share %s=%s", spec$answer, option), ifelse(is.na(answer), NA, as.numeric(answer == option)))
  difference(paste("mean", spec$number), x)
}

## ---- schools ---------------------------------------------------------------

POPULATION <- 6194
STYPE <- c(E = 4421, H = 755, M = 1018)
# Those of all schools are No 1072, Yes 5122; these are invented, for weights that differ.
WIDE <- c(No = 1500, Yes = 4694)
CROSSED <- c(E.No = 1111, H.No = 467, M.No = 449, E.Yes = 3310, H.Yes = 288, M.Yes = 569)
ENROLL <- 3811472
API <- 664.7
MARGINS <- list(stype = STYPE, sch.wide = WIDE)

data_of <- function(name) {
  frame <- read_data("data", paste0(name, ".csv"))
  frame$crossed <- paste(frame$stype, frame$awards, sep = ".")
  # A school without the number adds nothing to its total.
  frame$size <- ifelse(is.na(frame$enroll), 0, frame$enroll)
  frame$index <- frame$api00 - API
  frame$one <- 1
  frame
}
# Bounds are of factors of weights that sum to the population, which they miss here by rounding.
to_population <- function(frame) {
  frame$pw <- frame$pw * (POPULATION / sum(frame$pw))
  frame
}
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = to_population(data_of("apistrat")))
clus1 <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = to_population(data_of("apiclus1")))
clus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = data_of("apiclus2"))
srs <- svydesign(id = ~1, weights = ~one, data = data_of("apisrs"))
# Base weights of clus1 are equal, and of a sample drawn by `strat` unequal without strata.
weights_only <- svydesign(id = ~1, weights = ~pw, data = to_population(data_of("apistrat")))

SCHOOLS <- list(answer = "comp.imp", number = "enroll", ratio = "api00", segments = c("stype", "awards"), pair = c("E", "H"))
numbers <- list(size = ENROLL, index = 0)
numbers <- list(strat = numbers, clus1 = numbers, clus2 = list(size = 3400000), srs = numbers, weights = numbers)
bounds <- list(linear = c(0.76, 1.5), exponential = c(0.76, 1.5), logit = c(0.6, 1.8))
bounds <- list(strat = bounds, weights = bounds,
               clus1 = list(linear = c(0.6, 2), exponential = c(0.6, 2.2), logit = c(0.6, 3)))
schools <- list(strat = strat, clus1 = clus1, clus2 = clus2, srs = srs, weights = weights_only)
# Who won an award had nearly always met the target that `sch.wide` is of.
CLOSE <- list(awards = c(No = 2300, Yes = 3894), sch.wide = WIDE)
for (name in names(schools)) {
  design <- schools[[name]]
  case <- function(weighting, weighted) figures(paste0(name, "_", weighting), weighted, SCHOOLS)
  case("post", post_stratified(design, list(crossed = CROSSED)))
  case("rake", raked(design, MARGINS))
  case("rake_close", raked(design, CLOSE))
  case("linear", calibrated(design, MARGINS, calfun = "linear"))
  case("numbers_linear", calibrated(design, list(stype = STYPE), numbers[[name]], calfun = "linear"))
  case("numbers_exponential", calibrated(design, list(stype = STYPE), numbers[[name]], calfun = "raking"))
  if (!name %in% names(bounds)) next
  within <- bounds[[name]]
  case("linear_bounded", calibrated(design, MARGINS, calfun = "linear", bounds = within$linear))
  case("exponential_bounded", calibrated(design, MARGINS, calfun = "raking", bounds = within$exponential))
  case("logit", calibrated(design, MARGINS, calfun = "logit", bounds = within$logit))
}
# A mean alone: the sum of the weights stays as it is.
as_in_file <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = data_of("apiclus1"))
figures("clus1_mean_alone", calibrated(as_in_file, list(), list(index = 0), calfun = "linear"), SCHOOLS)

# Where a bound of 0 takes respondents out, survey divides 0 by 0 for them. They are left out of the regression here: it is one
# over those who have a weight.
without_nobodies <- function(design) {
  qr <- design$postStrata[[1]]$qr
  half <- sqrt(POPULATION / sum(weights_only$variables$pw) * weights_only$variables$pw)
  g <- as.vector(weights(design, "sampling")) / half^2
  stopifnot(any(g == 0), isTRUE(all.equal(qr.X(qr)[, 1], half, check.attributes = FALSE)))
  design$postStrata[[1]]$qr <- qr(qr.X(qr) * (g > 0))
  design$postStrata[[1]]$w <- ifelse(g > 0, g * half, 1)
  design
}
FEW <- list(stype = c(E = 1000, H = 2597, M = 2597), sch.wide = c(No = 4500, Yes = 1694))
figures("weights_linear_zero", without_nobodies(calibrated(weights_only, FEW, calfun = "linear", bounds = c(0, 6))), SCHOOLS)

## ---- persons, some of unknown level ----------------------------------------

nhanes <- read_data("..", "..", "data", "nhanes", "responses.csv")
nhanes$sex <- nhanes$RIAGENDR
persons <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = nhanes)
PERSONS <- list(answer = "HI_CHOL", segments = c("race", "sex"))
AGES <- c("(0,19]" = 25, "(19,39]" = 28, "(39,59]" = 28, "(59,Inf]" = 19)
SEXES <- c("1" = 49, "2" = 51)
people <- sum(weights(persons))
share <- function(percent, of = people) percent / sum(percent) * of
case <- function(weighting, design, margins) figures(paste0("nhanes_", weighting), raked(design, margins), PERSONS)
figures("nhanes_post", post_stratified(persons, list(agecat = share(AGES))), PERSONS)
case("rake", persons, list(agecat = share(AGES), sex = share(SEXES)))

# Cholesterol is not known of some: as a variable of the weighting 10 percent have it high. Figures are of sex then.
CHOLESTEROL <- c("0" = 90, "1" = 10)
ANSWER_SEX <- list(answer = "RIAGENDR", segments = c("race", "agecat"))
level <- ifelse(is.na(nhanes$HI_CHOL), "unknown", as.character(nhanes$HI_CHOL))
persons <- update(persons, level = level, high = ifelse(is.na(HI_CHOL), 0.1, HI_CHOL))
unknown <- sum(weights(persons)[level == "unknown"])
own <- c(share(CHOLESTEROL, people - unknown), unknown = unknown)
figures("nhanes_own", raked(persons, list(agecat = share(AGES), level = own)), ANSWER_SEX)
known <- subset(persons, level != "unknown")
left <- sum(weights(known))
figures("nhanes_drop", raked(known, list(agecat = share(AGES, left), level = share(CHOLESTEROL, left))), ANSWER_SEX)
figures("nhanes_spread", calibrated(persons, list(agecat = share(AGES)), list(high = 0.1 * people), calfun = "raking"), ANSWER_SEX)

## ---- answers with weights that all differ -----------------------------------

answers <- read_data("..", "..", "data", "messenger-2017", "responses.csv")
answers$band <- as.character(cut(answers$age, c(18, 30, 45, 60, Inf), right = FALSE, labels = c("18-29", "30-44", "45-59", "60+")))
answers <- svydesign(id = ~1, weights = ~weight, data = answers)
MESSENGER <- list(answer = "overdue", segments = c("region", "education"))
of_all <- sum(weights(answers))
BANDS <- share(c("18-29" = 16, "30-44" = 24, "45-59" = 27, "60+" = 33), of_all)
SCHOOLING <- share(c(high = 30, middle = 30, basic = 30, other = 10), of_all)
GENDER <- share(c(female = 50, male = 50), of_all)
figures("messenger_rake", raked(answers, list(band = BANDS, sex = GENDER, education = SCHOOLING)), MESSENGER)
# One margin: rake() has other errors than postStratify().
figures("messenger_rake_one", raked(answers, list(band = BANDS)), MESSENGER)

## ---- weights within bounds -------------------------------------------------

# What is trimmed is fitted with bounds of weights: multiples of the mean weight.
trimmed <- function(design, calfun, low, high) {
  mean <- sum(unlist(MARGINS[1])) / nrow(design)
  weighted <- calibrated(design, MARGINS, calfun = calfun, bounds = c(low, high) * mean, bounds.const = TRUE)
  w <- weights(weighted)
  stopifnot(w >= low * mean * (1 - 1e-9), w <= high * mean * (1 + 1e-9), any(abs(w / mean / low - 1) < 1e-9),
            any(abs(w / mean / high - 1) < 1e-9))
  weighted
}
figures("weights_within_rake", trimmed(weights_only, "raking", 0.35, 1.65), SCHOOLS)
figures("weights_within_linear", trimmed(weights_only, "linear", 0.3, 1.6), SCHOOLS)

## ---- replicates ------------------------------------------------------------

REPLICATED <- SCHOOLS[c("answer", "number", "ratio", "segments", "pair")]
made <- list(jk1_clus1 = as.svrepdesign(clus1, type = "JK1", mse = TRUE),
             jkn_strat = as.svrepdesign(strat, type = "JKn", mse = TRUE),
             jk1_centred_clus1 = as.svrepdesign(clus1, type = "JK1", mse = FALSE))
for (name in names(made)) {
  design <- made[[name]]
  figures(paste0(name, "_rake"), calibrated(design, MARGINS, calfun = "raking"), REPLICATED)
  figures(paste0(name, "_linear"), calibrated(design, MARGINS, calfun = "linear"), REPLICATED)
  figures(paste0(name, "_numbers"), calibrated(design, list(stype = STYPE), list(size = ENROLL), calfun = "linear"), REPLICATED)
  figures(paste0(name, "_logit"), calibrated(design, MARGINS, calfun = "logit", bounds = c(0.5, 4)), REPLICATED)
}
figures("jk1_clus1_post", post_stratified(made$jk1_clus1, list(crossed = CROSSED)), REPLICATED)

ANSWERS <- list(answer = "answer", number = "minutes", ratio = "visits", segments = c("region", "sex"), pair = c("north", "south"))
of_columns <- function(type) {
  frame <- read_data("data", paste0("replicates_", type, ".csv"))
  columns <- grep("^r[0-9]+$", names(frame))
  R <- length(columns)
  svrepdesign(data = frame, weights = ~weight, repweights = as.matrix(frame[columns]), combined.weights = TRUE, mse = TRUE,
              type = "other", scale = 1 / (if (type == "brr") R else R - 1),
              rscales = rep(1, R))
}
REGIONS <- c(north = 30, south = 30, west = 40)
BOTH <- c(female = 52, male = 48)
for (type in c("brr", "bootstrap")) {
  design <- of_columns(type)
  total <- sum(weights(design, "sampling"))
  targets <- list(region = share(REGIONS, total), sex = share(BOTH, total))
  figures(paste0(type, "_rake"), calibrated(design, targets, calfun = "raking", compress = FALSE), ANSWERS)
  figures(paste0(type, "_linear"), calibrated(design, targets, calfun = "linear", compress = FALSE), ANSWERS)
}

# Replicates of trimmed weights. calibrate() of replicates takes no notice of bounds.const: bounds are of factors, and each
# replicate gets those of the whole sample. So they are given as those of each row, bounds of the weight over the base weight.
# Where a replicate has no weights within them calibrate() only warns, and its figures would be of weights that miss the
# targets: such cases are none.
trimmed_replicates <- function(design, margins, calfun, bounds) {
  base <- as.vector(weights(design, "sampling"))
  of_replicates <- as.matrix(weights(design, "analysis"))
  limits <- list(lower = bounds[1] / base, upper = bounds[2] / base)
  warn <- options(warn = 2)
  on.exit(options(warn))
  weighted <- calibrated(design, margins, calfun = calfun, bounds = limits, compress = FALSE)
  reached <- c(FALSE, FALSE)
  held <- function(factors, kept) {
    stopifnot(factors[kept] >= limits$lower[kept] * (1 - 1e-12), factors[kept] <= limits$upper[kept] * (1 + 1e-12))
    c(any(abs(factors / limits$lower - 1)[kept] < 1e-12), any(abs(factors / limits$upper - 1)[kept] < 1e-12))
  }
  stopifnot(any(held(as.vector(weights(weighted, "sampling")) / base, base > 0)))
  after <- as.matrix(weights(weighted, "analysis"))
  for (r in seq_len(ncol(after))) {
    for (m in names(margins))
      stopifnot(abs(tapply(after[, r], weighted$variables[[m]], sum) / margins[[m]] - 1) < 1e-11)
    reached <- reached | held(after[, r] / of_replicates[, r], of_replicates[, r] > 0)
  }
  stopifnot(any(reached))
  weighted
}
# By quantiles: to the weights that these parts of the respondents have at most.
at_parts <- function(weighted, parts) quantile(as.vector(weights(weighted, "sampling")), parts, type = 1)
multiples <- function(design, low, high) c(low, high) * POPULATION / nrow(design)
figures("jk1_clus1_trim", trimmed_replicates(made$jk1_clus1, MARGINS, "raking", multiples(clus1, 0.5, 2.4)), REPLICATED)
for (calfun in c("raking", "linear"))
  figures(paste0("jkn_strat_trim_", calfun), trimmed_replicates(made$jkn_strat, MARGINS, calfun, multiples(strat, 0.3, 1.65)), REPLICATED)
brr <- of_columns("brr")
targets <- lapply(list(region = REGIONS, sex = BOTH), share, of = sum(weights(brr, "sampling")))
parts <- at_parts(calibrated(brr, targets, calfun = "raking", compress = FALSE), c(0.05, 0.95))
figures("brr_trim_quantiles", trimmed_replicates(brr, targets, "raking", parts), ANSWERS)

table <- do.call(rbind, rows)
stopifnot(is.finite(table$estimate))
write_table(table, file.path(here, "calibrated.csv"))
cat(sprintf("calibrated.csv: %d rows\n", nrow(table)))
apart <- with(table[!is.na(table$rake) & table$standard_error > 1e-9 * abs(table$estimate), ], split(rake / standard_error - 1, case))
print(sapply(apart, range))
