# Writes quantile.csv: quantiles of numbers with and without ties, by several definitions, with Woodruff's interval.
# Run from the repository root, after designs.R: Rscript tests/reference/quantile.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1 (svyquantile was rewritten in 4.1).
#
# The definitions, read from the source of survey:::qrule_* and survey:::woodruffCI. Of the respondents in the domain with
# a weight above 0, x_1 <= ... <= x_n in order (order() is stable: ties stay in the order of the file), weights w_k,
# cumulated C_k = w_1 + ... + w_k, W = C_n:
#
#   math (hf1)   x_k with the smallest k for which C_k >= pW
#   school (hf2) the same, but (x_k + x_{k+1})/2 where C_k = pW exactly
#   hf4 ... hf9  joins the points (a_k, x_k) by straight lines and reads off at p; x_1 before a_1 and x_n after a_n
#                  hf4  a_k = C_k/W
#                  hf5  a_k = (C_k - w_k/2)/W
#                  hf6  a_k = C_k/(W + w_n)
#                  hf7  a_k = C_{k-1}/C_{n-1}, with C_0 = 0
#                  hf8  a_k = (C_{k-1}/3 + 2 C_k/3)/(W + w_n/3)
#                  hf9  a_k = (3 C_{k-1}/8 + 5 C_k/8)/(W + w_n/4)
#
# hf4 to hf9 are types 4 to 9 of R's quantile() where all weights are equal. With ties of unequal weights they
# depend on the order of the file (which weight is first and last among them); math and school do not. n = 1: x_1.
# hf3 and "shahvaish" are not here: hf3 looks at whether the number of a distinct value is even, which is not type 3 where
# there are ties, and "shahvaish" puts w_k, not w_k over its mean, into its positions, so that it depends on the scale of
# the weights.
#
# Interval (Woodruff 1952), q being the estimate by the rule in question and t = qt(1 - alpha/2, df), alpha = 0.05:
#   1. F = weighted share of x <= q in the domain (not p: where x has ties, or between two values, F is not p);
#      V its linearised variance, as that of any share.
#   2. (F_low, F_high), an interval of that share:
#        mean    F -/+ t sqrt(V)
#        xlogit  expit(logit F -/+ t sqrt(V)/(F(1-F)))
#        beta    m = F(1-F)/V (qt(alpha/2, n-1)/qt(alpha/2, df))^2;
#                qbeta(alpha/2, mF, m(1-F)+1) and qbeta(1-alpha/2, mF+1, m(1-F))
#   3. each end is put through the same rule: q_low = rule(F_low), q_high = rule(F_high). An end for which F_low < 0 or
#      F_high > 1 (only "mean") is empty. Both are where nobody is above q (F = 1, V = 0), though "mean" of R then gives
#      q to q.
#   4. standard error = (q_high - q_low)/(2t); empty where an end is.
# The interval is not symmetric, and is not q -/+ t standard errors.
#
# df: svyquantile takes degf() of the design it is given, the subset's for a domain, unless df = is given; here it is given,
# df of the full design, in the `df` column. "beta" of svyquantile takes degf(subset) whatever df says, and n = nrow(subset);
# that interval is computed by hand here, with df and n as above, after a comparison with R on R's own terms.
#
# By hand, because R 4.1-1 is wrong:
#   - below the first respondent (p < C_1/W) math and school give x_2, hf4 a value below x_1; it is x_1.
#     (4.5 has corrected math; its school still gives (x_1 + x_2)/2, its hf4 still extrapolates.)
#   - C_k = pW is tested with ==, so that rounding decides; here they are equal within 1e-12 of W. This also decides
#     between x_k and x_{k+1} of math.
#   - hf4 as low (1-g) + high g, which for two equal values may fall just below them and then counts neither in F; here
#     low + g (high - low).
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

## ---- the rules by hand -----------------------------------------------------

position <- list(
  hf4 = function(w, n) cumsum(w) / sum(w),
  hf5 = function(w, n) (cumsum(w) - w / 2) / sum(w),
  hf6 = function(w, n) cumsum(w) / (sum(w) + w[n]),
  hf7 = function(w, n) c(0, cumsum(w)[-n]) / cumsum(w)[n - 1],
  hf8 = function(w, n) (c(0, cumsum(w)[-n]) / 3 + cumsum(w) * 2 / 3) / (sum(w) + w[n] / 3),
  hf9 = function(w, n) (c(0, cumsum(w)[-n]) * 3 / 8 + cumsum(w) * 5 / 8) / (sum(w) + w[n] / 4))

quantile_by_hand <- function(rule, x, w, p) {
  n <- length(x)
  if (n == 1) return(x)
  sorted <- order(x)
  x <- x[sorted]
  w <- w[sorted]
  if (rule %in% c("math", "school")) {
    k <- which(cumsum(w) >= (p - 1e-12) * sum(w))[1]
    exactly <- abs(cumsum(w)[k] - p * sum(w)) <= 1e-12 * sum(w)
    return(if (rule == "school" && exactly && k < n) (x[k] + x[k + 1]) / 2 else x[k])
  }
  a <- position[[rule]](w, n)
  if (p <= a[1]) return(x[1])
  if (p >= a[n]) return(x[n])
  k <- max(which(a <= p))
  x[k] + (p - a[k]) / (a[k + 1] - a[k]) * (x[k + 1] - x[k])
}

interval_of_share <- function(kind, f, v, n, df) {
  found <- intervals(f, v, n, df)
  switch(kind, mean = found$wald, xlogit = found$logit, beta = found$korn_graubard)
}

## ---- one cell --------------------------------------------------------------

counts <- c(cells = 0, differ = 0)

# Estimate, ends and standard error with any function of (x, w, p) as the rule; n and df are those of "beta".
woodruff <- function(rule, domain, x, w, p, kind, df, n, df_beta) {
  q <- rule(x, w, p)
  domain$variables$.below <- as.numeric(x <= q)
  m <- svymean(~.below, domain)
  v <- as.numeric(vcov(m))
  ends <- suppressWarnings(interval_of_share(kind, as.numeric(coef(m)), v, n, if (kind == "beta") df_beta else df))
  ends <- vapply(ends, function(at) if (is.nan(at) || at < 0 || at > 1) NaN else rule(x, w, at), 0)
  c(q, ends, diff(ends) / (2 * qt(1 - (1 - LEVEL) / 2, df)))
}

same <- function(a, b) all(mapply(function(a, b) (is.nan(a) && is.nan(b)) || isTRUE(abs(a - b) <= 1e-12 * max(1, abs(b))),
                                  a, b))

quantile_row <- function(domain, x, w, p, rule, kind, df) {
  # The recipe is R's: with R's own rules, and for "beta" R's own n and df, it gives what svyquantile gives.
  r_rule <- get(paste0("qrule_", rule), envir = asNamespace("survey"))
  recipe <- woodruff(r_rule, domain, x, w, p, kind, df, nrow(domain), degf(domain))
  theirs <- suppressWarnings(svyquantile(~.x, domain, p, qrule = rule, interval.type = kind, df = df)$.x[1, ])
  if (!same(recipe, theirs)) stop(sprintf("%s %s %g: %s, R %s", rule, kind, p, toString(recipe), toString(theirs)))
  # The rules are R's but for what the head of this file says.
  cumulated <- cumsum(w[order(x)]) / sum(w)
  by_hand <- function(x, w, p) {
    q <- quantile_by_hand(rule, x, w, p)
    wrong_in_r <- rule %in% c("math", "school", "hf4") && (p < cumulated[1] || any(abs(cumulated - p) < 1e-12))
    stopifnot(wrong_in_r || same(q, r_rule(x, w, p)))
    q
  }
  ours <- woodruff(by_hand, domain, x, w, p, kind, df, length(x), df)
  if (all(x <= ours[1])) ours[2:4] <- NaN
  counts["cells"] <<- counts["cells"] + 1
  if (kind != "beta") counts["differ"] <<- counts["differ"] + !same(ours, theirs)
  list(estimate = ours[1], standard_error = ours[4], ci_low = ours[2], ci_high = ours[3], df = df, n = length(x))
}

## ---- all cells -------------------------------------------------------------

# Every rule with "mean"; the other intervals for three of them.
wanted <- rbind(expand.grid(rule = c("math", "school", "hf7"), kind = c("mean", "xlogit", "beta"), stringsAsFactors = FALSE),
                expand.grid(rule = c("hf4", "hf5", "hf6", "hf8", "hf9"), kind = "mean", stringsAsFactors = FALSE))
rows <- list()
quantiles_of <- function(name, design, variables, segment) {
  weight <- as.vector(weights(design, "sampling"))
  df <- degf(design)
  column <- design$variables[[segment]]
  levels <- sort(unique(column[!is.na(column)]))
  for (variable in variables) {
    x <- design$variables[[variable]]
    for (level in c("total", levels)) {
      counted <- !is.na(x) & weight > 0 & (level == "total" | (!is.na(column) & column == level))
      design$variables$.x <- x
      design$variables$.mask <- counted
      domain <- subset(design, .mask)
      for (p in c(0.1, 0.25, 0.5, 0.75, 0.9))
        for (i in seq_len(nrow(wanted)))
          rows[[length(rows) + 1]] <<- c(
            list(design = name, variable = variable, segment = if (level == "total") "total" else segment, level = level,
                 probability = p, qrule = wanted$rule[i], interval = wanted$kind[i]),
            quantile_row(domain, as.numeric(x[counted]), weight[counted], p, wanted$rule[i], wanted$kind[i], df))
    }
  }
}
read_data <- function(name) read.csv(file.path(here, "data", name), na.strings = "", check.names = FALSE)
strat <- read_data("apistrat_score.csv")
clus1 <- read_data("apiclus1.csv")
clus2 <- read_data("apiclus2.csv")
simulated <- read_data("simulated.csv")
quantiles_of("api_strat", svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat),
             c("api00", "score"), "awards")
quantiles_of("api_weights", svydesign(id = ~1, weights = ~pw, data = strat), c("enroll", "score"), "stype")
quantiles_of("api_clus1", svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1), "enroll", "stype")
quantiles_of("api_clus2", svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2), c("enroll", "score"), "awards")
quantiles_of("simulated", svydesign(id = ~unit, strata = ~stratum, nest = TRUE, weights = ~weight, fpc = ~population,
                                    data = simulated), c("minutes", "age"), "region")

table <- do.call(rbind, lapply(rows, as.data.frame, stringsAsFactors = FALSE))
write_table(table, file.path(here, "quantile.csv"))
cat(sprintf("quantile.csv: %d rows; svyquantile differs in %d (\"beta\" apart), for the reasons at the head of the script\n",
            nrow(table), counts[["differ"]]))
