# Writes intervals.csv: intervals for a share, every method, at three levels.
# Run from the repository root: Rscript tests/reference/intervals.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# Two groups of rows.
#
# 1. Complex designs (`df` is given). p and its variance v are svymean's on the
#    domain, t = qt(1 - a/2, df) with a = 1 - confidence, and df = degf() of the
#    FULL design. svyciprop takes it as `df =` for all methods but "beta".
#      mean        p -+ t sqrt(v); not cut at 0 and 1, neither here nor in R.
#      xlogit      expit(logit(p) -+ t sqrt(v)/(p(1-p))).
#      logit       The same number: svyciprop fits svyglm(y ~ 1, quasibinomial),
#                  whose intercept is logit(p) with variance v/(p(1-p))^2. R's own
#                  result has the error of the fit (glm stops at a relative
#                  change of 1e-8), so the closed form is written here.
#      asin        sin(asin(sqrt(p)) -+ t s)^2, s = sqrt(v)/(2 sqrt(p(1-p))).
#                  R lets the argument leave [0, pi/2], where sin^2 turns back and
#                  the lower end comes out above 0 (the upper below 1). That is a
#                  defect: here the argument is cut to [0, pi/2] first, so that the
#                  ends are exactly 0 or 1. `checked` counts where this mattered.
#      beta        Korn-Graubard, from `intervals()` in reference.R: n = number of
#                  respondents with a weight above 0, df of the full design.
#                  svyciprop ignores `df` here, takes degf() of the subset and
#                  n = nrow(), see README.md.
#      wilson      The Wilson interval at n_eff = p(1-p)/v with t for z, as in
#                  survey 4.5; 4.1-1 has none.
#      likelihood  The solution of the equation that svyciprop approximates, below.
#
# 2. Counts of a plain sample (`df` is empty, quantiles are normal): x of n.
#    z = qnorm(1 - a/2), p = x/n.
#      wilson            (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)
#      agresti_coull     m = n + z^2, q = (x + z^2/2)/m; q -+ z sqrt(q(1-q)/m);
#                        not cut at 0 and 1 (Agresti & Coull 1998).
#      clopper_pearson   qbeta(a/2, x, n-x+1) to qbeta(1-a/2, x+1, n-x); 0 at x = 0, 1 at x = n.
#      jeffreys          qbeta(a/2, x+1/2, n-x+1/2) to qbeta(1-a/2, ...); the lower end is
#                        0 at x = 0, the upper 1 at x = n (Brown, Cai & DasGupta 2001, p. 108).
#
# "likelihood", read from the source (svyciprop, confint.svyglm,
# survey:::MASSprofile_glm, survey:::confint_profile, survey:::summary.svyglm):
# the model is logit(q) = b with weights scaled to a mean of 1 in the domain, so
#     D(q) - D(p) = 2 n (p log(p/q) + (1-p) log((1-p)/(1-q)))
# is the drop in deviance, n the rows of the domain. MASSprofile_glm takes
#     z(q) = sign(q - p) sqrt((D(q) - D(p)) / phi)
# with phi = summary()$dispersion = svyvar of the Pearson residuals
# (y - p)/sqrt(p(1-p)), which is n/(n-1) exactly, n counting weights above 0.
# confint.svyglm cuts the profile where z = -+ t sqrt(lambda), t the quantile of
# Student's t at df (it goes through pnorm and back through qnorm, no change),
# lambda = (variance of b by the design) / (1/(n p(1-p)))
#        = v n / (p(1-p)), the design effect of b against the working model.
# The n of D and of lambda cancels. With m = p(1-p)/v the ends solve
#     2 m ((n-1)/n) (p log(p/q) + (1-p) log((1-p)/(1-q))) = t^2,
# one end on either side of p. (n-1)/n is R's choice, from phi; Rao and Scott's
# statistic itself has none.
# R does not solve this: it steps through b, draws a spline and interpolates
# linearly, and lambda carries the error of the fit (svyglm takes the working
# variance from the iteration before the last). Here uniroot solves in b = logit(q)
# to 1e-14. Every cell is compared with svyciprop (to 2e-4), and a few with R's
# own functions on a converged fit (epsilon = 1e-15) and a far finer grid
# (confint(..., del = 0.002, maxsteps = 1e5)): see the line the script prints.
# Not defined where p is 0 or 1 or v is 0.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

CONFIDENCE <- c(0.9, 0.95, 0.99)
expit <- function(x) 1 / (1 + exp(-x))

## ---- intervals -------------------------------------------------------------

likelihood_interval <- function(p, v, n, t) {
  m <- p * (1 - p) / v
  b <- log(p / (1 - p))
  # log(q) = -log1p(exp(-x)) and log(1-q) = -log1p(exp(x)), exact in both tails.
  excess <- function(x) {
    2 * m * (n - 1) / n *
      (p * (log(p) + log1p(exp(-x))) + (1 - p) * (log(1 - p) + log1p(exp(x)))) - t^2
  }
  end <- function(side) {
    far <- b + side
    while (excess(far) < 0) far <- far + side
    x <- uniroot(excess, sort(c(b, far)), tol = 1e-14, maxiter = 10000)$root
    # Newton's steps polish what uniroot leaves.
    for (i in 1:3) x <- x - excess(x) / (2 * m * (n - 1) / n * (expit(x) - p))
    stopifnot(abs(excess(x)) < 1e-10 * t^2)
    expit(x)
  }
  c(end(-1), end(1))
}

asin_interval <- function(p, v, t, cut) {
  x <- asin(sqrt(p)) + c(-1, 1) * t * sqrt(v) / (2 * sqrt(p * (1 - p)))
  if (cut) x <- pmin(pmax(x, 0), pi / 2)
  sin(x)^2
}

complex_intervals <- function(p, v, n, df, confidence) {
  t <- qt(1 - (1 - confidence) / 2, df)
  known <- intervals(p, v, n, df, confidence)
  list(mean = known$wald, xlogit = known$logit, logit = known$logit,
       asin = asin_interval(p, v, t, cut = TRUE), beta = known$korn_graubard,
       wilson = known$wilson, likelihood = likelihood_interval(p, v, n, t))
}

count_intervals <- function(x, n, confidence) {
  a <- 1 - confidence
  z <- qnorm(1 - a / 2)
  p <- x / n
  wilson <- (p + z^2 / (2 * n) + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))) / (1 + z^2 / n)
  m <- n + z^2
  q <- (x + z^2 / 2) / m
  exact <- as.vector(binom.test(x, n, conf.level = confidence)$conf.int)
  jeffreys <- c(if (x == 0) 0 else qbeta(a / 2, x + 0.5, n - x + 0.5),
                if (x == n) 1 else qbeta(1 - a / 2, x + 0.5, n - x + 0.5))
  if (x == 0) wilson[1] <- 0 # exact zeros and ones, without rounding noise
  if (x == n) wilson[2] <- 1
  known <- suppressWarnings(prop.test(x, n, conf.level = confidence, correct = FALSE)$conf.int)
  stopifnot(max(abs(known - wilson)) < 1e-12)
  list(wilson = wilson, agresti_coull = q + c(-1, 1) * z * sqrt(q * (1 - q) / m),
       clopper_pearson = exact, jeffreys = jeffreys)
}

## ---- svyciprop beside them -------------------------------------------------

checked <- c(cells = 0, asin_cut = 0, likelihood = 0, likelihood_fine = 0)
worst <- c(mean = 0, xlogit = 0, logit = 0, asin = 0, beta = 0, likelihood = 0, likelihood_fine = 0)
allowed <- c(mean = 1e-13, xlogit = 1e-12, logit = 1e-7, asin = 1e-12, beta = 1e-12, likelihood = 2e-4,
             likelihood_fine = 2e-8)

compare <- function(name, r, ours) {
  difference <- max(abs(as.vector(r) - ours))
  stopifnot(is.finite(difference), difference < allowed[[name]])
  worst[[name]] <<- max(worst[[name]], difference)
}

check_cell <- function(domain, p, v, n, df, confidence, got, fine) {
  r <- function(method) attr(svyciprop(~.y, domain, method = method, level = confidence, df = df), "ci")
  for (name in c("mean", "xlogit", "logit")) compare(name, r(name), got[[name]])
  t <- qt(1 - (1 - confidence) / 2, df)
  compare("asin", r("asin"), asin_interval(p, v, t, cut = FALSE))
  if (max(abs(asin_interval(p, v, t, cut = FALSE) - got$asin)) > 1e-12)
    checked[["asin_cut"]] <<- checked[["asin_cut"]] + 1
  # R's own n and df, which cannot be set.
  compare("beta", r("beta"), intervals(p, v, nrow(domain), degf(domain), confidence)$korn_graubard)
  likelihood <- tryCatch(as.vector(r("likelihood")), error = function(e) c(NA, NA))
  if (all(is.finite(likelihood))) {
    compare("likelihood", likelihood, got$likelihood)
    checked[["likelihood"]] <<- checked[["likelihood"]] + 1
  }
  if (fine) {
    model <- svyglm(.y ~ 1, domain, family = quasibinomial, control = list(epsilon = 1e-15, maxit = 100))
    ends <- suppressMessages(confint(model, 1, level = confidence, method = "likelihood", ddf = df,
                                     del = 0.002, maxsteps = 1e5))
    compare("likelihood_fine", expit(as.vector(ends)), got$likelihood)
    checked[["likelihood_fine"]] <<- checked[["likelihood_fine"]] + 1
  }
  checked[["cells"]] <<- checked[["cells"]] + 1
}

## ---- rows ------------------------------------------------------------------

rows <- list()
add <- function(design, question, option, segment, level, confidence, p, n, df, ends) {
  for (method in names(ends))
    rows[[length(rows) + 1]] <<- data.frame(
      design = design, question = question, option = option, segment = segment, level = level,
      method = method, confidence = shortest(confidence), estimate = p,
      ci_low = ends[[method]][1], ci_high = ends[[method]][2], n = n, df = df)
}

domains_of <- function(segments, rows) {
  all <- list(list(segment = "total", level = "total", mask = rep(TRUE, rows), skip = character()))
  for (s in segments)
    for (level in s$levels)
      all[[length(all) + 1]] <- list(segment = s$id, level = level, skip = s$skip,
                                     mask = !is.na(s$column) & s$column == level)
  all
}

# `fine` names the questions whose total is also profiled on the fine grid.
add_design <- function(name, design, questions, segments, fine = character()) {
  weight <- as.vector(weights(design, "sampling"))
  df <- degf(design)
  for (question in questions) for (domain in domains_of(segments, length(weight))) {
    if (question$id %in% domain$skip) next
    mask <- question$base & domain$mask & weight > 0
    for (option in names(question$options)) {
      y <- question$options[[option]]
      y[!question$base] <- 0
      if (length(unique(y[mask])) < 2) next # p is 0 or 1, or nobody is there
      design$variables$.y <- y
      design$variables$.mask <- mask
      subset_of <- subset(design, .mask)
      m <- svymean(~.y, subset_of)
      p <- as.numeric(coef(m))
      v <- as.numeric(vcov(m))
      if (sqrt(v) < NOISE) next # the design fixes the share
      for (confidence in CONFIDENCE) {
        ends <- complex_intervals(p, v, sum(mask), df, confidence)
        check_cell(subset_of, p, v, sum(mask), df, confidence, ends,
                   domain$segment == "total" && question$id %in% fine)
        add(name, question$id, option, domain$segment, domain$level, confidence, p, sum(mask), df, ends)
      }
    }
  }
}

add_counts <- function(design, question, option, segment, level, x, n) {
  for (confidence in CONFIDENCE)
    add(design, question, option, segment, level, confidence, x / n, n, NA_real_,
        count_intervals(x, n, confidence))
}

## ---- designs ---------------------------------------------------------------

read_data <- function(path) read.csv(file.path(here, path), na.strings = "", check.names = FALSE)
strat <- read_data("data/apistrat.csv")
clus1 <- read_data("data/apiclus1.csv")
srs <- read_data("data/apisrs.csv")
nhanes <- read.csv(file.path(here, "../../data/nhanes/responses.csv"))

api_questions <- function(d) list(single_question("sch_wide", d$sch.wide, c("No", "Yes")),
                                  single_question("stype", d$stype, c("E", "H", "M")),
                                  single_question("comp_imp", d$comp.imp, c("No", "Yes")))
api_segments <- function(d) list(segment("stype", d$stype, c("E", "H", "M"), skip = "stype"),
                                 segment("awards", d$awards, c("No", "Yes")),
                                 segment("yr_rnd", d$yr.rnd, c("No", "Yes")))
add_api <- function(name, data, design)
  add_design(name, design, api_questions(data), api_segments(data), fine = "sch_wide")

add_api("api_strat", strat, svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat))
add_api("api_clus1", clus1, svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1))
add_api("api_weights", strat, svydesign(id = ~1, weights = ~pw, data = strat))
add_api("api_srs", srs, svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = srs))

hi_chol <- ifelse(is.na(nhanes$HI_CHOL), NA, as.character(nhanes$HI_CHOL))
add_design("nhanes",
           svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = nhanes),
           list(single_question("hi_chol", hi_chol, c("0", "1"))),
           list(segment("race", nhanes$race, 1:4),
                segment("agecat", nhanes$agecat, c("(0,19]", "(19,39]", "(39,59]", "(59,Inf]")),
                segment("sex", nhanes$RIAGENDR, 1:2)))

# The same schools counted without weights (all of apisrs weigh the same).
for (question in api_questions(srs)) for (domain in domains_of(api_segments(srs), nrow(srs))) {
  if (question$id %in% domain$skip) next
  mask <- question$base & domain$mask
  if (sum(mask) == 0) next
  for (option in names(question$options))
    add_counts("api_srs_counts", question$id, option, domain$segment, domain$level,
               sum(question$options[[option]][mask]), sum(mask))
}
for (case in list(c(0, 1), c(1, 1), c(0, 10), c(1, 10), c(5, 10), c(10, 10), c(3, 200), c(0, 3000),
                  c(2101, 3000), c(2999, 3000), c(1, 1e6)))
  add_counts("counts", "", "", "", "", case[1], case[2])

table <- do.call(rbind, rows)
stopifnot(is.finite(table$ci_low), is.finite(table$ci_high),
          table$ci_low <= table$estimate + 1e-15, table$ci_high >= table$estimate - 1e-15)
write_table(table, file.path(here, "intervals.csv"))
cat(sprintf("intervals.csv: %d rows\n", nrow(table)))
cat(paste(names(checked), checked, collapse = ", "), "\n")
cat("largest differences to svyciprop:", paste(names(worst), format(worst, digits = 2), collapse = ", "), "\n")
