# Writes nchs.csv: intervals and presentation by the standard of the US National
# Center for Health Statistics.
# Run from the repository root: Rscript tests/reference/nchs.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# survey has no such method. The formulas are written out from Parker, Talih,
# Malec et al. 2017, "National Center for Health Statistics Data Presentation
# Standards for Proportions", Vital and Health Statistics 2(175), as the SAS macro
# of the centre applies them (calculate_KornGraubard_CIs 2.0, 2021). p, v and n as
# in intervals.R, df = degf() of the FULL design (the macro takes units minus
# strata of the subset):
#   n_eff = p(1-p)/v; where p is 0 or 1 it is n.
#   m     = min(n, n_eff (t_{n-1} / t_df)^2), t = qt(1 - a/2, .); where p is 0 or 1 it is n.
#   the interval is Clopper-Pearson with m p of m.
# `presentation`, in this order, with CIW the width of the interval:
#   suppress_small      min(n_eff, n) < 30
#   suppress_wide       CIW >= 0.30
#   suppress_relative   CIW > 0.05 and CIW / p > 1.30 (with p = 0 any CIW > 0.05)
#   review_whole        p is 0 or 1
#   review_df           df < 8
#   present_only        CIW > 0.05 and CIW / (1-p) > 1.30: a note on the complement
#   present
# The macro rounds widths to 0.1 points before it compares; here nothing is rounded.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))

nchs <- function(p, v, n, df, confidence) {
  a <- 1 - confidence
  whole <- p == 0 || p == 1
  n_eff <- if (whole) n else p * (1 - p) / v
  m <- if (whole) n else min(n, n_eff * (qt(a / 2, n - 1) / qt(a / 2, df))^2)
  ends <- c(if (p == 0) 0 else qbeta(a / 2, m * p, m * (1 - p) + 1),
            if (p == 1) 1 else qbeta(1 - a / 2, m * p + 1, m * (1 - p)))
  width <- ends[2] - ends[1]
  presentation <-
    if (min(n_eff, n) < 30) "suppress_small"
    else if (width >= 0.30) "suppress_wide"
    else if (width > 0.05 && width > 1.30 * p) "suppress_relative"
    else if (whole) "review_whole"
    else if (df < 8) "review_df"
    else if (width > 0.05 && width > 1.30 * (1 - p)) "present_only"
    else "present"
  list(ends = ends, presentation = presentation, capped = !whole && m == n)
}

rows <- list()
capped <- 0
add_design <- function(name, design, questions, segments) {
  weight <- as.vector(weights(design, "sampling"))
  df <- degf(design)
  domains <- list(list(segment = "total", level = "total", mask = rep(TRUE, length(weight)), skip = character()))
  for (s in segments) for (level in s$levels)
    domains[[length(domains) + 1]] <- list(segment = s$id, level = level, skip = s$skip,
                                           mask = !is.na(s$column) & s$column == level)
  for (question in questions) for (domain in domains) for (option in names(question$options)) {
    if (question$id %in% domain$skip) next
    mask <- question$base & domain$mask & weight > 0
    if (sum(mask) < 2) next
    y <- question$options[[option]]
    y[!question$base] <- 0
    design$variables$.y <- y
    design$variables$.mask <- mask
    m <- svymean(~.y, subset(design, .mask))
    whole <- length(unique(y[mask])) == 1
    p <- if (whole) y[mask][1] else as.numeric(coef(m))
    v <- if (whole) 0 else as.numeric(vcov(m))
    if (!whole && sqrt(v) < NOISE) next # the design fixes the share
    for (confidence in c(0.9, 0.95)) {
      found <- nchs(p, v, sum(mask), df, confidence)
      capped <<- capped + found$capped
      rows[[length(rows) + 1]] <<- data.frame(
        design = name, question = question$id, option = option, segment = domain$segment, level = domain$level,
        confidence = shortest(confidence), estimate = p, ci_low = found$ends[1], ci_high = found$ends[2],
        n = sum(mask), df = df, presentation = found$presentation)
    }
  }
}

read_data <- function(path) read.csv(file.path(here, path), na.strings = "", check.names = FALSE)
strat <- read_data("data/apistrat.csv")
clus1 <- read_data("data/apiclus1.csv")
nhanes <- read.csv(file.path(here, "../../data/nhanes/responses.csv"))
questions <- function(d) list(single_question("sch_wide", d$sch.wide, c("No", "Yes")),
                              single_question("stype", d$stype, c("E", "H", "M")),
                              single_question("comp_imp", d$comp.imp, c("No", "Yes")))
segments <- function(d) list(segment("stype", d$stype, c("E", "H", "M"), skip = "stype"),
                             segment("awards", d$awards, c("No", "Yes")),
                             segment("yr_rnd", d$yr.rnd, c("No", "Yes")))
add_design("api_strat", svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat),
           questions(strat), segments(strat))
add_design("api_clus1", svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = clus1),
           questions(clus1), segments(clus1))
hi_chol <- ifelse(is.na(nhanes$HI_CHOL), NA, as.character(nhanes$HI_CHOL))
add_design("nhanes",
           svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = nhanes),
           list(single_question("hi_chol", hi_chol, c("0", "1"))),
           list(segment("race", nhanes$race, 1:4), segment("sex", nhanes$RIAGENDR, 1:2)))

table <- do.call(rbind, rows)
stopifnot(is.finite(table$ci_low), is.finite(table$ci_high), capped > 10)
write_table(table, file.path(here, "nchs.csv"))
cat(sprintf("nchs.csv: %d rows, %d of them with a capped size\n", nrow(table), capped))
print(table(table$presentation))
