# Writes tests.csv (tests between groups) and data/apiclus2_classes.csv.
# Run from the repository root: Rscript tests/reference/tests.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1; without CompQuadForm.
# What each test does, as formulas, is in README.md ("tests.csv").
#
# Departures from R, each for a reason and each checked against R where R is right:
#   - tied ranks: R's depend on the order of the rows where tied respondents
#     have unequal weights. Rows named `*_r` are R's own, for these files' order.
#   - saddlepoint: uniroot of R stops at 1e-8; here the root is exact.
#   - exact: the distribution that R's "lincom" asks CompQuadForm for, which cannot
#     take the fractional degrees of freedom; here by Imhof's integral.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

rows <- list()
add <- function(at, test, detail = "", statistic = NA_real_, df1 = NA_real_, df2 = NA_real_, p = NA_real_,
                estimate = NA_real_, standard_error = NA_real_, ci = c(NA_real_, NA_real_)) {
  rows[[length(rows) + 1]] <<- data.frame(
    design = at$design, test = test, question = at$question, option = at$option, segment = at$segment,
    detail = detail, statistic = statistic, df1 = df1, df2 = df2, p = p, estimate = estimate,
    standard_error = standard_error, ci_low = ci[1], ci_high = ci[2],
    p_bonferroni = NA_real_, p_holm = NA_real_, p_bh = NA_real_)
}
at <- function(design, question, segment, option = "")
  list(design = design, question = question, segment = segment, option = option)

agree <- function(a, b, tolerance) {
  difference <- max(abs(as.numeric(a) - as.numeric(b)) / pmax(1e-6, abs(as.numeric(b))))
  stopifnot(is.finite(difference), difference < tolerance)
}

## ---- tables ----------------------------------------------------------------

# P(sum of h_i * gamma-type chi-squares with weights a_i > 0), for 0: Imhof 1961.
# a and -x/ddf with multiplicities 1 and ddf, which need not be whole.
imhof <- function(x, a, ddf) {
  lambda <- c(a, -x / ddf)
  lambda <- lambda / max(abs(lambda))
  h <- c(rep(1, length(a)), ddf)
  f <- function(u) vapply(u, function(u) {
    if (u == 0) return(sum(h * lambda) / 2)
    sin(sum(h * atan(lambda * u)) / 2) / u * exp(-sum(h * log1p(lambda^2 * u^2)) / 4)
  }, 0)
  ends <- c(0, 10^(-4:6))
  0.5 + sum(vapply(seq_len(length(ends) - 1), function(i)
    integrate(f, ends[i], ends[i + 1], rel.tol = 1e-12, abs.tol = 1e-15, subdivisions = 5000,
              stop.on.error = FALSE)$value, 0)) / pi
}

for (ddf in c(14.5, 30, 394.25)) for (k in 2:6)
  stopifnot(abs(imhof(7, rep(1.3, k), ddf) - pf(7 / 1.3 / k, k, ddf, lower.tail = FALSE)) < 1e-12)

# survey:::pFsum(method = "saddlepoint") and survey:::saddle, with an exact root.
saddlepoint <- function(x, a, ddf) {
  mean_a <- mean(a)
  spread <- mean(a^2) / mean_a^2
  ndf <- length(a) / spread
  lambda <- c(a, rep(-x / ddf, floor(ddf))) # R's rep(a, df) drops the fraction
  lambda <- lambda / max(lambda)
  slope <- function(zeta) sum(lambda / (1 - 2 * zeta * lambda))
  zeta <- uniroot(slope, tol = 1e-300, maxiter = 100000,
                  c(max(1 / (2 * lambda[lambda < 0])), min(1 / (2 * lambda[lambda > 0]))) * 0.99999)$root
  for (i in 1:20) zeta <- zeta - slope(zeta) / sum(2 * lambda^2 / (1 - 2 * zeta * lambda)^2)
  if (abs(zeta) < 1e-4) return(pf(x / ndf / (mean_a * spread), ndf, ddf, lower.tail = FALSE))
  k <- -sum(log(1 - 2 * zeta * lambda)) / 2
  w <- sign(zeta) * sqrt(-2 * k)
  v <- zeta * sqrt(2 * sum(lambda^2 / (1 - 2 * zeta * lambda)^2))
  pnorm(w + log(v / w) / w, lower.tail = FALSE)
}

# Delta by its definition, as svychisq forms it, with any contrasts C orthogonal to
# the main effects: to have its eigenvalues, which svychisq does not return.
table_delta <- function(design, rows, cols) {
  x <- factor(design$variables[[rows]])
  y <- factor(design$variables[[cols]])
  mm <- outer(as.integer(x) + nlevels(x) * (as.integer(y) - 1), seq_len(nlevels(x) * nlevels(y)), "==") + 0
  m <- svymean(mm, design, na.rm = TRUE)
  p <- as.vector(coef(m))
  V <- matrix(vcov(m), length(p))
  D <- diag(ifelse(p == 0, 0, 1 / p))
  # Any basis of the interactions gives the same eigenvalues: double-centred contrasts.
  helmert <- function(k) contr.helmert(k)
  C <- kronecker(helmert(nlevels(y)), helmert(nlevels(x)))
  delta <- solve(t(C) %*% D %*% C / nrow(mm), t(C) %*% D %*% V %*% D %*% C)
  expected <- outer(tapply(p, rep(seq_len(nlevels(x)), nlevels(y)), sum),
                    tapply(p, rep(seq_len(nlevels(y)), each = nlevels(x)), sum))
  X2 <- nrow(mm) * sum((p - as.vector(expected))^2 / as.vector(expected))
  list(delta = delta, eigenvalues = Re(eigen(delta, only.values = TRUE)$values), X2 = X2)
}

add_table <- function(where, design, row, col, detail = "") {
  formula <- as.formula(paste0("~", row, "+", col))
  r <- function(statistic) suppressWarnings(svychisq(formula, design, statistic = statistic))
  f <- r("F")
  ddf <- f$parameter[["ddf"]]
  by_hand <- table_delta(design, row, col)
  a <- by_hand$eigenvalues
  agree(f$statistic, by_hand$X2 / sum(a), 1e-9)
  agree(f$parameter[["ndf"]], sum(a)^2 / sum(a^2), 1e-9)
  add(where, "rao_scott_f", detail, f$statistic, f$parameter[["ndf"]], ddf, f$p.value)
  first <- r("Chisq")
  agree(first$statistic, by_hand$X2, 1e-9)
  add(where, "rao_scott_chisq", detail, first$statistic, first$parameter, NA, first$p.value)
  saddle <- saddlepoint(by_hand$X2, a, ddf)
  agree(r("saddlepoint")$p.value, saddle, 1e-3)
  add(where, "saddlepoint", detail, by_hand$X2, length(a), ddf, saddle)
  exact <- imhof(by_hand$X2, a, ddf)
  if (length(a) == 1) {
    f1 <- pf(by_hand$X2 / a, 1, ddf, lower.tail = FALSE)
    stopifnot(abs(exact - f1) < 1e-11)
    exact <- f1
  }
  # The integral has an absolute error of 1e-12 or so: a smaller p has no digits.
  if (exact > 1e-3) add(where, "exact", detail, by_hand$X2, length(a), ddf, exact)
  for (name in c("Wald", "adjWald")) {
    wald <- tryCatch(r(name), error = function(e) NULL)
    if (is.null(wald) || !is.finite(wald$statistic)) next
    add(where, c(Wald = "wald", adjWald = "adjusted_wald")[[name]], detail, wald$statistic,
        wald$parameter[["ndf"]], wald$parameter[["ddf"]], wald$p.value)
  }
}

# Once on the whole design (its units, with the missing answers in it, which
# svymean(na.rm = TRUE) takes out as a domain), and where answers are missing once
# more on the subset, which has fewer degrees of freedom where units drop out.
add_tables <- function(name, design, pairs) for (pair in pairs) {
  where <- at(name, pair[1], pair[2])
  add_table(where, design, pair[1], pair[2])
  complete <- !is.na(design$variables[[pair[1]]]) & !is.na(design$variables[[pair[2]]])
  if (!all(complete)) {
    design$variables$.complete <- complete
    add_table(where, subset(design, .complete), pair[1], pair[2], "subset")
  }
}

## ---- two levels: t ----------------------------------------------------------

# The row names of a pair: "B - A", in the order of the levels.
level_pairs <- function(levels) combn(levels, 2, simplify = FALSE)

add_t_tests <- function(name, design, number, group) {
  full <- degf(design)
  levels <- sort(unique(na.omit(as.character(design$variables[[group]]))))
  for (pair in level_pairs(levels)) {
    g <- as.character(design$variables[[group]])
    design$variables$.g <- factor(ifelse(g %in% pair, g, NA), levels = pair)
    design$variables$.y <- as.numeric(design$variables[[number]])
    design$variables$.here <- !is.na(design$variables$.g) & !is.na(design$variables$.y)
    two <- subset(design, .here)
    if (length(unique(two$variables$.g)) < 2) next
    t <- svyttest(.y ~ .g, two)
    df <- degf(two) - 1
    stopifnot(df == t$parameter)
    se <- as.numeric(t$estimate / t$statistic)
    ci <- as.vector(t$conf.int)
    estimate <- as.numeric(t$estimate)
    agree(ci, estimate + c(-1, 1) * qt(0.975, df) * se, 1e-9)
    where <- at(name, number, group)
    detail <- paste(pair[2], "-", pair[1])
    add(where, "t_test", detail, t$statistic, NA, df, t$p.value, estimate, se, ci)
    # The same with the degrees of freedom of the full design.
    statistic <- estimate / se
    add(where, "t_test_full_df", detail, statistic, NA, full - 1, 2 * pt(-abs(statistic), full - 1),
        estimate, se, estimate + c(-1, 1) * qt(0.975, full - 1) * se)
  }
}

## ---- more than two levels: all means equal -----------------------------------

# regTermTest (Wald, F) of the levels in svyglm; by hand from the covariance of the means.
add_means_equal <- function(name, design, number, group) {
  full <- degf(design)
  g <- as.character(design$variables[[group]])
  design$variables$.y <- as.numeric(design$variables[[number]])
  design$variables$.here <- !is.na(g) & !is.na(design$variables$.y)
  design$variables$.g <- factor(g)
  complete <- subset(design, .here)
  k <- length(unique(as.character(complete$variables$.g))) - 1
  if (k < 2) return(invisible())
  r <- regTermTest(svyglm(.y ~ .g, complete), ~.g, method = "Wald")
  by <- svyby(~.y, ~.g, complete, svymean, covmat = TRUE)
  against_first <- cbind(-1, diag(k))
  beta <- against_first %*% coef(by)
  f <- as.numeric(t(beta) %*% solve(against_first %*% vcov(by) %*% t(against_first), beta)) / k
  agree(r$Ftest, f, 1e-9)
  stopifnot(r$df == k, r$ddf == degf(complete) - k)
  where <- at(name, number, group)
  add(where, "means_equal", "all", f, k, degf(complete) - k, pf(f, k, degf(complete) - k, lower.tail = FALSE))
  add(where, "means_equal_full_df", "all", f, k, full - k, pf(f, k, full - k, lower.tail = FALSE))
}

## ---- ranks -----------------------------------------------------------------

scores <- list(wilcoxon = function(r, N) r / N,
               vanderwaerden = function(r, N) qnorm(r / N),
               median = function(r, N) as.numeric(r > N / 2 + 1e-9 * N)) # R: r > N/2
r_names <- c(wilcoxon = "wilcoxon", vanderwaerden = "vanderWaerden", median = "median")

# Estimated population ranks. "midrank": the weight below plus half of the weight
# tied. "r": the plain mean over the tied rows of (running weight - w/2), whose
# value depends on the order of rows within the tie.
population_ranks <- function(y, w, kind) {
  if (kind == "midrank") {
    tied <- rowsum(w, y) # sorted by y
    below <- cumsum(tied) - tied
    at <- match(y, as.numeric(rownames(tied)))
    return((below + tied / 2)[at])
  }
  i <- order(y)
  rank <- numeric(length(y))
  rank[i] <- ave(cumsum(w[i]) - w[i] / 2, factor(y[i]))
  rank
}

# `design` holds only complete rows. Variance: influence of the weighted group
# means of the scores, totals by the design.
rank_test <- function(design, score, kind) {
  y <- as.numeric(design$variables$.y)
  g <- droplevels(design$variables$.g)
  w <- as.vector(weights(design, "sampling"))
  s <- score(population_ranks(y, w, kind), sum(w))
  indicator <- outer(as.integer(g), seq_len(nlevels(g)), "==") + 0
  size <- colSums(w * indicator)
  mean_score <- colSums(w * indicator * s) / size
  z <- indicator * (s - mean_score[as.integer(g)]) / rep(size, each = length(s))
  V <- matrix(vcov(svytotal(z, design)), nlevels(g))
  against_first <- cbind(-1, diag(nlevels(g) - 1))
  beta <- as.vector(against_first %*% mean_score)
  Vb <- against_first %*% V %*% t(against_first)
  list(beta = beta, se = sqrt(diag(Vb)), chisq = as.numeric(beta %*% solve(Vb, beta)),
       k = nlevels(g) - 1, df = degf(design))
}

add_rank_row <- function(where, test, detail, x, df) {
  if (x$k == 1) {
    t <- x$beta / x$se
    add(where, test, detail, t, NA, df - 1, 2 * pt(-abs(t), df - 1), x$beta, x$se)
  } else {
    f <- x$chisq / x$k
    add(where, test, detail, x$chisq, x$k, df - x$k, pf(f, x$k, df - x$k, lower.tail = FALSE))
  }
}

add_rank_tests <- function(name, design, number, group, levels = NULL) {
  full <- degf(design)
  g <- as.character(design$variables[[group]])
  if (is.null(levels)) levels <- sort(unique(na.omit(g)))
  design$variables$.g <- factor(ifelse(g %in% levels, g, NA), levels = levels)
  design$variables$.y <- as.numeric(design$variables[[number]])
  design$variables$.here <- !is.na(design$variables$.g) & !is.na(design$variables$.y)
  complete <- subset(design, .here)
  where <- at(name, number, group)
  two <- length(levels) == 2
  detail <- if (two) paste(levels[2], "-", levels[1]) else "all"
  for (test in names(scores)) {
    # Two groups: svyranktest; more: multiranktest, which swaps the places of its
    # statistic and its df.
    r <- svyranktest(.y ~ .g, complete, test = r_names[[test]])
    as_r <- rank_test(complete, scores[[test]], "r")
    if (two) {
      agree(as_r$beta / as_r$se, r$statistic, 1e-8)
      stopifnot(r$parameter == as_r$df - 1)
    } else {
      agree(as_r$chisq, r$parameter, 1e-8)
      stopifnot(r$statistic == as_r$k, r$ddf == as_r$df - as_r$k)
    }
    label <- if (!two && test == "wilcoxon") "kruskal_wallis" else test
    right <- rank_test(complete, scores[[test]], "midrank")
    add_rank_row(where, label, detail, right, right$df)
    add_rank_row(where, paste0(label, "_full_df"), detail, right, full)
    add_rank_row(where, paste0(label, "_r"), detail, as_r, as_r$df)
  }
}

## ---- pairwise differences of shares and means --------------------------------

# Influence of the mean of y in the domain d on every row of the full design:
# d (y - mean)/sum(w d). Its totals' covariance is that of the means.
add_differences <- function(name, design, question, group, option = NULL) {
  w <- as.vector(weights(design, "sampling"))
  df <- degf(design)
  column <- design$variables[[question]]
  y <- if (is.null(option)) as.numeric(column) else as.numeric(as.character(column) == option)
  g <- as.character(design$variables[[group]])
  levels <- sort(unique(g[!is.na(g) & !is.na(y) & w > 0]))
  z <- matrix(0, length(w), length(levels))
  means <- numeric(length(levels))
  for (i in seq_along(levels)) {
    d <- !is.na(g) & g == levels[i] & !is.na(y)
    means[i] <- sum(w[d] * y[d]) / sum(w[d])
    z[d, i] <- (y[d] - means[i]) / sum(w[d])
  }
  V <- matrix(vcov(svytotal(z, design)), length(levels))
  # The same covariance out of svyby().
  design$variables$.y <- y
  design$variables$.g <- factor(g)
  design$variables$.here <- !is.na(g) & !is.na(y)
  by <- svyby(~.y, ~.g, subset(design, .here), svymean, covmat = TRUE)
  stopifnot(max(abs(vcov(by) - V)) < 1e-12 * max(abs(V)), max(abs(coef(by) - means)) < 1e-12 * max(1, abs(means)))
  family <- integer()
  for (pair in combn(length(levels), 2, simplify = FALSE)) {
    a <- pair[1]
    b <- pair[2]
    se <- sqrt(V[a, a] + V[b, b] - 2 * V[a, b])
    if (se < NOISE) next # both shares are 0 or 1: there is no test
    estimate <- means[b] - means[a]
    t <- estimate / se
    add(at(name, question, group, if (is.null(option)) "" else option),
        if (is.null(option)) "difference_mean" else "difference_share", paste(levels[b], "-", levels[a]),
        t, NA, df, 2 * pt(-abs(t), df), estimate, se, estimate + c(-1, 1) * qt(0.975, df) * se)
    family <- c(family, length(rows))
  }
  p <- vapply(family, function(i) rows[[i]]$p, 0)
  for (i in seq_along(family)) {
    rows[[family[i]]]$p_bonferroni <<- p.adjust(p, "bonferroni")[i]
    rows[[family[i]]]$p_holm <<- p.adjust(p, "holm")[i]
    rows[[family[i]]]$p_bh <<- p.adjust(p, "BH")[i]
  }
}

add_all_differences <- function(name, design, question, group)
  for (option in sort(unique(na.omit(as.character(design$variables[[question]])))))
    add_differences(name, design, question, group, option)

## ---- data ------------------------------------------------------------------

read_data <- function(path) {
  frame <- read.csv(file.path(here, path), na.strings = "", check.names = FALSE)
  names(frame) <- gsub(".", "_", names(frame), fixed = TRUE)
  frame
}
strat <- read_data("data/apistrat.csv")
clus1 <- read_data("data/apiclus1.csv")

# apiclus2 with two questions of three options made from its numbers; enroll is
# missing in 6 rows, and so is the size. api_class is ordered (1 < 2 < 3).
data(api)
clus2 <- apiclus2[, c("dnum", "snum", "fpc1", "fpc2", "pw", "stype", "sch.wide", "comp.imp", "both", "awards",
                      "api00", "enroll")]
clus2$size <- as.character(cut(clus2$enroll, c(-Inf, 400, 800, Inf), c("1_small", "2_middle", "3_large"), right = FALSE))
clus2$api_class <- as.integer(cut(clus2$api00, c(-Inf, 600, 750, Inf), right = FALSE))
write_table(clus2, file.path(here, "data/apiclus2_classes.csv"), number = shortest)
clus2 <- read_data("data/apiclus2_classes.csv")
stopifnot(nrow(clus2) == 126, sum(is.na(clus2$size)) == 6, identical(clus2$fpc2, as.integer(apiclus2$fpc2)))

nhanes <- read.csv(file.path(here, "../../data/nhanes/responses.csv"))
names(nhanes)[names(nhanes) == "HI_CHOL"] <- "hi_chol"
names(nhanes)[names(nhanes) == "RIAGENDR"] <- "sex"
nhanes$age_position <- match(nhanes$agecat, c("(0,19]", "(19,39]", "(39,59]", "(59,Inf]"))

designs <- list(
  api_strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat),
  api_clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1),
  api_clus2 = svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = clus2),
  api_weights = svydesign(id = ~1, weights = ~pw, data = strat),
  nhanes = svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = nhanes))

## ---- rows ------------------------------------------------------------------

for (name in c("api_strat", "api_clus1", "api_weights")) {
  d <- designs[[name]]
  add_tables(name, d, list(c("sch_wide", "comp_imp"), c("comp_imp", "yr_rnd"), c("both", "sch_wide"),
                           c("stype", "awards"), c("stype", "comp_imp")))
  for (group in c("awards", "stype")) for (number in c("api00", "enroll")) {
    add_t_tests(name, d, number, group)
    add_means_equal(name, d, number, group)
    add_rank_tests(name, d, number, group)
    add_differences(name, d, number, group)
  }
  add_rank_tests(name, d, "api00", "stype", c("E", "H"))
  add_all_differences(name, d, "sch_wide", "stype")
  add_all_differences(name, d, "comp_imp", "stype")
  add_all_differences(name, d, "sch_wide", "awards")
}

d <- designs$api_clus2
add_tables("api_clus2", d, list(c("sch_wide", "comp_imp"), c("stype", "comp_imp"), c("stype", "size"),
                                c("api_class", "stype"), c("size", "api_class"), c("both", "sch_wide")))
for (group in c("stype", "awards", "size")) for (number in c("api00", "enroll", "api_class")) {
  if (group == "size" && number == "enroll") next
  add_t_tests("api_clus2", d, number, group)
  add_means_equal("api_clus2", d, number, group)
  add_rank_tests("api_clus2", d, number, group)
  add_differences("api_clus2", d, number, group)
}
for (group in c("stype", "size")) for (question in c("sch_wide", "api_class"))
  add_all_differences("api_clus2", d, question, group)

d <- designs$nhanes
add_tables("nhanes", d, list(c("hi_chol", "sex"), c("hi_chol", "race"), c("hi_chol", "agecat"),
                             c("agecat", "race")))
for (group in c("sex", "race")) {
  add_t_tests("nhanes", d, "age_position", group)
  add_means_equal("nhanes", d, "age_position", group)
  add_rank_tests("nhanes", d, "age_position", group)
}
add_rank_tests("nhanes", d, "hi_chol", "race")
for (group in c("sex", "race", "agecat")) add_all_differences("nhanes", d, "hi_chol", group)
add_all_differences("nhanes", d, "agecat", "race")

table <- do.call(rbind, rows)
stopifnot(is.finite(table$statistic), is.finite(table$p))
write_table(table, file.path(here, "tests.csv"))
cat(sprintf("tests.csv: %d rows\n", nrow(table)))
print(xtabs(~test + design, table))
