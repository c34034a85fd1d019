# Library for designs.R: every statistic of one domain, and the variance of several stages by hand.
# source()d after reference.R. R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# All that R gives is also computed by hand below and must agree, in every cell of every design. By hand alone is what
# survey 4.1-1 has otherwise than 4.5: the lonely unit under "adjust".

## ---- variance of several stages -------------------------------------------

# x: what each row adds to the estimate (its influence). units, strata, sampled, population: one column a stage, where
# units and strata are already named with all that they lie in. With n of N units in the stratum h of one stage,
#   V = sum_h (1 - n_h/N_h) n_h/(n_h-1) sum_i (x_i - mean_h)^2 + sum_i n_h/N_h V_i
# V_i being the same within the unit i, from the next stage on. Units without a row count with x = 0; no N, no 1-n/N and
# no further stage. In Brewer's approximation N_h differs between units, and 1-n/N stands inside of the sum.
# `centre` says where "adjust" centres a lonely unit: "mean" of all units of that stage (within the unit of the stage
# before), in all strata that have a row, as survey 4.5; "zero", as survey 4.1-1.
variance_by_hand <- function(x, units, strata, sampled, population, lonely, centre) {
  if (length(x) == 0) return(0)
  first <- function(column) tapply(column, strata[, 1], function(values) values[1])
  middle <- if (centre == "mean") sum(x) / sum(first(sampled[, 1])) else 0
  within <- vapply(split(seq_along(x), strata[, 1]), function(rows) {
    n <- sampled[rows[1], 1]
    unit <- match(units[rows, 1], unique(units[rows, 1]))
    left <- if (is.null(population)) rep(1, max(unit)) else (1 - n / population[rows, 1])[!duplicated(unit)]
    totals <- vapply(seq_len(max(unit)), function(i) sum(x[rows][unit == i]), 0)
    missing <- n - length(totals)
    if (all(left < 1e-7)) return(0)
    if (n == 1) return(switch(lonely, certainty = 0, remove = 0, adjust = left * (totals - middle)^2, average = NA,
                              fail = stop("a lonely unit")))
    sum(c(left, rep(left[1], missing)) * n / (n - 1) * (c(totals, rep(0, missing)) - sum(totals) / n)^2)
  }, 0)
  total <- sum(within, na.rm = TRUE) * length(within) / sum(!is.na(within))
  if (ncol(units) > 1 && !is.null(population))
    for (rows in split(seq_along(x), units[, 1])) {
      rest <- function(columns) columns[rows, -1, drop = FALSE]
      total <- total + sampled[rows[1], 1] / population[rows[1], 1] *
        variance_by_hand(x[rows], rest(units), rest(strata), rest(sampled), rest(population), lonely, centre)
    }
  total
}

as_text <- function(columns) vapply(columns, as.character, character(nrow(columns)))

variance_of <- function(x, design, centre) {
  text <- function(columns) matrix(as_text(columns), nrow = nrow(columns))
  variance_by_hand(x, text(design$cluster), text(design$strata), design$fpc$sampsize, design$fpc$popsize,
                   getOption("survey.lonely.psu"), centre)
}

## ---- one statistic of one domain ------------------------------------------

nearly <- function(a, b, scale = abs(b)) {
  if (is.na(a) || is.na(b)) return(is.na(a) && is.na(b))
  abs(a - b) <= 1e-10 * scale + 1e-20
}

# R's estimate, variance and design effects; `x` the influence and `simple` the variance of simple random sampling with
# replacement, both by hand. y and z (of a ratio) are of the rows in the domain, w their weights.
from_r <- function(statistic, domain) {
  kinds <- list("replace", TRUE)
  if (statistic == "standard_deviation") {
    m <- svyvar(~.y, domain)
    return(list(estimate = as.numeric(coef(m)), variance = as.numeric(vcov(m)), deff = c(NA, NA)))
  }
  m <- lapply(kinds, function(kind) suppressWarnings(switch(statistic,
    share = , mean = svymean(~.y, domain, deff = kind),
    count = , total = svytotal(~.y, domain, deff = kind),
    ratio = svyratio(~.y, ~.z, domain, deff = kind))))
  deffs <- vapply(m, function(result) as.numeric(attr(result, "deff")), 0)
  list(estimate = as.numeric(coef(m[[1]])), variance = as.numeric(vcov(m[[1]])), deff = deffs)
}

by_hand <- function(statistic, y, z, w) {
  n <- length(y)
  spread <- function(v) sum(w * (v - sum(w * v) / sum(w))^2) / sum(w) * n / (n - 1)
  switch(statistic,
    share = , mean = {
      p <- sum(w * y) / sum(w)
      list(estimate = p, x = w * (y - p) / sum(w), simple = spread(y) / n)
    },
    count = , total = list(estimate = sum(w * y), x = w * y, simple = spread(y) * sum(w)^2 / n),
    ratio = {
      r <- sum(w * y) / sum(w * z)
      e <- (y - r * z) / sum(w * z)
      list(estimate = r, x = w * e, simple = spread(e) * sum(w)^2 / n)
    },
    standard_deviation = {
      square <- (y - sum(w * y) / sum(w))^2 * n / (n - 1)
      v <- sum(w * square) / sum(w)
      list(estimate = v, x = w * (square - v) / sum(w), simple = NA)
    })
}

# `treatment` of lonely units: "as R" or what only survey 4.5 does: "centred" after subset(), or "centred, all rows",
# where the rows outside of the domain stay with x = 0 and so the mean is over all units of the design, as survey 4.5
# has it wherever subset() keeps the rows.
statistic_of <- function(design, statistic, y, z, mask, treatment) {
  weight <- as.vector(weights(design, "sampling"))
  df <- degf(design)
  counted <- mask & weight > 0
  n <- sum(counted)
  row <- list(estimate = NA_real_, standard_error = NA_real_, df = df, df_domain = NA_real_, deff_replace = NA_real_,
              deff_without = NA_real_, ci_low = NA_real_, ci_high = NA_real_, n = n, n_weighted = sum(weight[counted]))
  if (n == 0) return(row)
  outside <- function(column) ifelse(counted, column, 0)
  design$variables$.y <- outside(y)
  design$variables$.z <- if (is.null(z)) 1 else outside(z)
  design$variables$.mask <- counted
  domain <- subset(design, .mask)
  row$df_domain <- degf(domain)

  w <- weight[counted]
  if (statistic == "standard_deviation" && n == 1) return(row)
  hand <- by_hand(statistic, y[counted], z[counted], w)
  r <- from_r(statistic, domain)
  scale <- if (statistic %in% c("count", "total")) sum(w * abs(y[counted])) else max(abs(y[counted]))
  stopifnot(nearly(hand$estimate, r$estimate, scale))

  x <- rep(0, length(weight))
  x[counted] <- hand$x
  kept <- if (nrow(domain) < nrow(design)) counted else rep(TRUE, length(x))
  v <- variance_of(x[kept], domain, "zero")
  stopifnot(nearly(v, r$variance, max(v, scale^2 * 1e-4, na.rm = TRUE)))
  v <- switch(treatment, "as R" = r$variance,
              "centred" = variance_of(x[kept], domain, "mean"),
              "centred, all rows" = variance_of(x, design, "mean"))

  sum_w <- sum(w)
  deff <- c(v / hand$simple, v / (hand$simple * (sum_w - n) / sum_w))
  # Nobody is left out: R has infinity where all weights are 1, and nothing where they add up to less.
  if (sum_w <= n) deff[2] <- NA
  constant <- all(y[counted] == y[counted][1]) && is.null(z)
  if (constant || is.na(v)) deff <- c(NA, NA)
  else if (statistic != "standard_deviation" && treatment == "as R" && v > NOISE * scale^2)
    stopifnot(nearly(deff[1], r$deff[1]), sum_w <= n || nearly(deff[2], r$deff[2]))

  fixed <- !is.na(v) && sqrt(max(v, 0)) < NOISE * max(1, scale)
  if (constant && statistic %in% c("share", "mean")) fixed <- TRUE
  if (fixed) {
    v <- 0
    if (!constant) deff[!is.na(deff)] <- 0
  }
  row$estimate <- if (constant && statistic %in% c("share", "mean")) y[counted][1] else r$estimate
  row$standard_error <- sqrt(v)
  if (statistic == "standard_deviation") {
    row$estimate <- if (constant) 0 else sqrt(r$estimate)
    row$standard_error <- if (constant) NA else sqrt(v) / (2 * sqrt(r$estimate))
    deff <- c(NA, NA)
  }
  row$deff_replace <- deff[1]
  row$deff_without <- deff[2]
  # All or none said so: no interval of width 0, as in the other files.
  if (!(constant && (statistic == "share" || (statistic == "count" && row$estimate == 0)))) {
    reach <- qt(1 - (1 - LEVEL) / 2, df) * row$standard_error
    row$ci_low <- row$estimate - reach
    row$ci_high <- row$estimate + reach
  }
  row
}

## ---- all statistics of one design -----------------------------------------

# answers: list(variable, column, options); numbers: named list; ratios: list(variable, y, z).
statistics_table <- function(name, design, answers, numbers, ratios, segment, treatment = "as R") {
  levels <- sort(unique(segment$column[!is.na(segment$column)]))
  domains <- c(list(list(segment = "total", level = "total", mask = rep(TRUE, length(segment$column)))),
               lapply(levels, function(level) list(segment = segment$id, level = level,
                                                   mask = !is.na(segment$column) & segment$column == level)))
  rows <- list()
  add <- function(statistic, variable, option, y, z = NULL) {
    base <- if (is.null(z)) !is.na(y) else !is.na(y) & !is.na(z)
    for (domain in domains)
      rows[[length(rows) + 1]] <<- c(
        list(design = name, statistic = statistic, variable = variable, option = option, segment = domain$segment,
             level = domain$level),
        statistic_of(design, statistic, y, z, base & domain$mask, treatment))
  }
  for (answer in answers)
    for (option in answer$options) {
      y <- as.numeric(answer$column == option)
      for (statistic in c("share", "count")) add(statistic, answer$variable, option, y)
    }
  for (variable in names(numbers))
    for (statistic in c("mean", "total", "standard_deviation"))
      add(statistic, variable, "", as.numeric(numbers[[variable]]))
  for (ratio in ratios) add("ratio", ratio$variable, "", as.numeric(ratio$y), as.numeric(ratio$z))
  do.call(rbind, lapply(rows, as.data.frame, stringsAsFactors = FALSE))
}
