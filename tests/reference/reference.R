# Reference numbers for topline's tests, from R's `survey` package.
#
# The committed CSV files were written with
#   R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1 (Debian r-cran-survey).
#
# This file is a library; it is source()d by the other scripts here.
# A script builds a svydesign object, a list of questions and a list of
# segments, and calls write_reference(). Everything is a domain estimate: the
# design always holds every row of the data frame and rows are left out with
# subset(design, mask), never before svydesign().
#
# Estimates, standard errors and design effects are the package's own
# (svymean, deff = "replace"). The intervals are written out below with the
# degrees of freedom of the FULL design, because svyciprop(method = "beta")
# always takes degf() of the subset and because survey 4.1 has no "wilson".
# Every interval that svyciprop 4.1 can compute is compared with it.

suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail", survey.adjust.domain.lonely = FALSE)

LEVEL <- 0.95
# A standard error below this is rounding noise around an exact zero (1 is the
# scale of an indicator; a mean is compared with its largest absolute value).
NOISE <- 1e-12

## ---- paths, reading and writing ------------------------------------------

script_dir <- function() {
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
}

# Every column as text; an empty cell is NA.
read_text_csv <- function(path) {
  read.csv(path, colClasses = "character", na.strings = "", check.names = FALSE,
           fileEncoding = "UTF-8")
}

# Numbers with 17 significant digits; NA, NaN and infinite become empty cells.
digits17 <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "")

# The shortest decimal that reads back as the same double (for data files).
shortest <- function(x) {
  vapply(x, function(v) {
    if (is.na(v)) return("")
    for (digits in 1:17) {
      s <- sprintf("%.*g", digits, v)
      if (!grepl("e", s, fixed = TRUE) && as.numeric(s) == v) return(s)
    }
    sprintf("%.17g", v)
  }, "", USE.NAMES = FALSE)
}

quote_csv <- function(x) {
  x <- ifelse(is.na(x), "", as.character(x))
  needs <- grepl("[\",\r\n]", x)
  x[needs] <- paste0("\"", gsub("\"", "\"\"", x[needs], fixed = TRUE), "\"")
  x
}

write_table <- function(frame, path, number = digits17) {
  text <- lapply(frame, function(column) {
    quote_csv(if (is.numeric(column)) number(column) else column)
  })
  lines <- c(paste(quote_csv(names(frame)), collapse = ","),
             do.call(paste, c(unname(text), sep = ",")))
  out <- file(path, open = "wb")
  on.exit(close(out))
  writeLines(enc2utf8(lines), out, sep = "\n", useBytes = TRUE)
}

# Written, then read back: the references come from what the CSV file says. A column of R's own classes (one-dimensional
# arrays, factors) comes back as plain numbers or text.
through_csv <- function(frame, path) {
  dir.create(dirname(path), showWarnings = FALSE)
  write_table(frame, path, number = shortest)
  back <- read.csv(path, na.strings = "", check.names = FALSE)
  for (column in names(frame)) {
    as_read <- if (is.numeric(frame[[column]])) as.numeric else as.character
    stopifnot(identical(as_read(frame[[column]]), as_read(back[[column]])))
  }
  cat(sprintf("data/%s: %d rows\n", basename(path), nrow(back)))
  back
}

## ---- questions and segments ----------------------------------------------

# A question is a list(id, kind = "share", options = named list of 0/1 vectors,
# base = logical mask) or a list(id, kind = "mean", values, base).

single_question <- function(id, column, options, base = !is.na(column)) {
  stopifnot(all(column[base] %in% options))
  base <- base & !is.na(column)
  list(id = id, kind = "share", base = base,
       options = setNames(lapply(options, function(o) as.numeric(base & column == o)),
                          options))
}

# `columns` is a named list (option -> "0"/"1"/NA vector), answered as a block.
multiple_question <- function(id, columns) {
  missing <- Reduce(`+`, lapply(columns, is.na))
  if (!all(missing %in% c(0, length(columns))))
    stop(id, ": ", sum(!missing %in% c(0, length(columns))),
         " rows answer some of the options but not all")
  base <- missing == 0
  stopifnot(all(unlist(columns)[!is.na(unlist(columns))] %in% c("0", "1")))
  list(id = id, kind = "share", base = base,
       options = lapply(columns, function(column) as.numeric(base & column == "1")))
}

mean_question <- function(id, values) {
  list(id = id, kind = "mean", base = !is.na(values), values = values)
}

# NA in `column` belongs to no level. `skip` names questions not to be crossed.
segment <- function(id, column, levels, skip = character()) {
  list(id = id, column = as.character(column), levels = as.character(levels), skip = skip)
}

## ---- quantiles -----------------------------------------------------------

# svyquantile of .x by the rule "math", with the limits of "mean": estimate, limits, standard error. The first answer is the
# quantile of the parts below it, which survey 4.1-1 takes for the second (corrected in 4.5).
quantile_of <- function(domain, p, df) {
  theirs <- suppressWarnings(svyquantile(~.x, domain, p, df = df)$.x[1, ])
  inside <- weights(domain, "sampling") != 0
  sorted <- order(domain$variables$.x[inside])
  x <- domain$variables$.x[inside][sorted]
  reached <- cumsum(weights(domain, "sampling")[inside][sorted])
  reached <- reached / reached[length(x)]
  math <- function(p) if (p < 0 || p > 1) NaN else x[which(reached >= p - 1e-12)[1]]
  domain$variables$.below <- as.numeric(domain$variables$.x <= math(p))
  below <- as.numeric(confint(svymean(~.below, domain), df = df))
  ends <- c(math(below[1]), math(below[2]))
  ours <- c(math(p), ends, diff(ends) / (2 * qt(1 - (1 - LEVEL) / 2, df)))
  same <- isTRUE(all.equal(ours, as.numeric(theirs)))
  if (!same && min(p, below[below >= 0]) >= reached[1]) stop(toString(ours), "; R: ", toString(theirs))
  ours
}

## ---- intervals -----------------------------------------------------------

intervals <- function(p, v, n, df, level = LEVEL) {
  alpha <- 1 - level
  t <- qt(1 - alpha / 2, df)
  se <- sqrt(v)
  expit <- function(x) 1 / (1 + exp(-x))
  eta <- log(p / (1 - p))
  logit <- expit(eta + c(-1, 1) * t * se / (p * (1 - p)))
  wald <- p + c(-1, 1) * t * se
  n_eff <- p * (1 - p) / v
  wilson <- (p + t^2 / (2 * n_eff) +
    c(-1, 1) * t / (2 * n_eff) * sqrt(4 * n_eff * p * (1 - p) + t^2)) / (1 + t^2 / n_eff)
  m <- n_eff * (qt(alpha / 2, n - 1) / qt(alpha / 2, df))^2
  korn_graubard <- c(qbeta(alpha / 2, m * p, m * (1 - p) + 1),
                     qbeta(1 - alpha / 2, m * p + 1, m * (1 - p)))
  list(logit = logit, wald = wald, wilson = wilson, korn_graubard = korn_graubard)
}

checks <- new.env()
checks$cells <- 0
checks$worst <- c(logit = 0, xlogit = 0, mean = 0, beta = 0)

# The formulas against svyciprop. method = "beta" has no choice of df and its
# nrow(design) counts every row of the subset, hence the second call.
check_intervals <- function(domain, p, v, df, got) {
  rows <- nrow(domain)
  beta <- intervals(p, v, rows, degf(domain))$korn_graubard
  want <- list(
    logit = list(svyciprop(~.y, domain, method = "logit", level = LEVEL, df = df), got$logit),
    xlogit = list(svyciprop(~.y, domain, method = "xlogit", level = LEVEL, df = df), got$logit),
    mean = list(svyciprop(~.y, domain, method = "mean", level = LEVEL, df = df), got$wald),
    beta = list(svyciprop(~.y, domain, method = "beta", level = LEVEL), beta))
  for (name in names(want)) {
    difference <- max(abs(as.vector(attr(want[[name]][[1]], "ci")) - want[[name]][[2]]))
    stopifnot(is.finite(difference), difference < 1e-6)
    checks$worst[[name]] <- max(checks$worst[[name]], difference)
  }
  checks$cells <- checks$cells + 1
}

## ---- one cell ------------------------------------------------------------

cell <- function(design, weight, df, y, mask, kind, check = TRUE) {
  counted <- mask & weight > 0
  n <- sum(counted)
  w <- weight[counted]
  row <- list(estimate = NA_real_, standard_error = NA_real_, df = df,
              design_effect = NA_real_, n = n, n_weighted = sum(w),
              n_effective = if (n > 0) sum(w)^2 / sum(w^2) else NA_real_)
  ends <- rep(NA_real_, 8)
  names(ends) <- c(outer(c("_low", "_high"), c("logit", "wald", "wilson", "korn_graubard"),
                         function(a, b) paste0(b, a)))
  if (n > 0) {
    design$variables$.y <- y
    # A weight of 0 is nobody: it would count as reaching its stratum.
    design$variables$.mask <- counted
    domain <- subset(design, .mask)
    m <- svymean(~.y, domain, deff = "replace")
    p <- as.numeric(coef(m))
    v <- as.numeric(vcov(m))
    observed <- y[counted]
    stopifnot(abs(p - sum(w * observed) / sum(w)) <= 1e-12 * max(1, abs(p)))
    constant <- all(observed == observed[1])
    if (constant) {
      # Everybody gives the same answer: exact, so no rounding noise is kept.
      row$estimate <- observed[1]
      row$standard_error <- 0
      if (kind == "mean") ends[c("wald_low", "wald_high")] <- observed[1]
    } else if (is.na(v)) {
      # Nothing but lonely units: "average" has nothing to average.
      row$estimate <- p
    } else {
      se <- sqrt(v)
      fixed <- se < NOISE * max(1, abs(observed))
      if (fixed) { se <- 0; v <- 0 }
      row$estimate <- p
      row$standard_error <- se
      row$design_effect <- if (fixed) 0 else as.numeric(deff(m))
      if (kind == "share") {
        ci <- intervals(p, v, n, df)
        # The design fixes the share (a stratum's own share): n_eff is infinite
        # and only the first two intervals, both of width 0, are defined.
        if (fixed) ci$wilson <- ci$korn_graubard <- c(NA, NA)
        else if (check) check_intervals(domain, p, v, df, ci)
        ends[] <- unlist(ci)
      } else {
        ends[c("wald_low", "wald_high")] <- as.vector(confint(m, df = df, level = LEVEL))
        if (fixed) ends[c("wald_low", "wald_high")] <- p
      }
    }
  }
  c(row, as.list(ends))
}

## ---- all cells -----------------------------------------------------------

reference_table <- function(design, questions, segments, check = TRUE) {
  weight <- as.vector(weights(design, "sampling"))
  df <- degf(design)
  rows <- list()
  everyone <- rep(TRUE, length(weight))
  domains <- list(list(segment = "total", level = "total", mask = everyone, skip = character()))
  for (s in segments)
    for (level in s$levels)
      domains[[length(domains) + 1]] <-
        list(segment = s$id, level = level, skip = s$skip,
             mask = !is.na(s$column) & s$column == level)
  for (question in questions) {
    answers <- if (question$kind == "share") question$options else list(question$values)
    names(answers) <- if (question$kind == "share") names(question$options) else ""
    for (domain in domains) {
      if (question$id %in% domain$skip) next
      mask <- question$base & domain$mask
      for (i in seq_along(answers)) {
        y <- answers[[i]]
        y[!question$base] <- 0 # never inside the domain; keeps NA out of the design
        rows[[length(rows) + 1]] <- c(
          list(question = question$id, option = names(answers)[i],
               segment = domain$segment, level = domain$level, statistic = question$kind),
          cell(design, weight, df, y, mask, question$kind, check))
      }
    }
  }
  do.call(rbind, lapply(rows, as.data.frame, stringsAsFactors = FALSE))
}

write_reference <- function(path, design, questions, segments) {
  table <- reference_table(design, questions, segments)
  write_table(table, path)
  cat(sprintf("%s: %d rows, df = %g\n", basename(path), nrow(table), degf(design)))
  invisible(table)
}

report_checks <- function() {
  cat(sprintf("svyciprop agrees on %d cells; largest differences: %s\n", checks$cells,
              paste(names(checks$worst), format(checks$worst, digits = 2), collapse = ", ")))
}
