# Writes contrasts.csv: what is said of several cells at once, with their covariance.
# Run from the repository root, after designs.R: Rscript tests/reference/contrasts.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# A cell is the ratio of two totals: of y over the respondents of a base who are in a level, and of the base in that level
# (1 for a share or a mean; a second number for a ratio). Each estimate is found twice and must be the same:
#   - svytotal of all the totals at once on the full design, then svycontrast with the expression (the delta method of R);
#   - svyrecvar of the sum of the cells' influences w (y - p z)/sum(w z), each times the derivative by its cell.
# Differences between levels and between options are also held against svyby(covmat = TRUE) and svymean, with svycontrast.
#
# The degrees of freedom are those of the full design. A relative risk and an odds ratio have exp of the interval of their
# logarithm, and the standard error of that logarithm times the estimate.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))
read_data <- function(name) read.csv(file.path(here, "data", name), na.strings = "", check.names = FALSE)

## ---- cells and what is said of them ----------------------------------------

# `y` over `z` where `inside`; NA in either is outside.
cell_of <- function(y, z, inside) {
  inside <- inside & !is.na(inside) & !is.na(y) & !is.na(z)
  list(y = ifelse(inside, y, 0), z = ifelse(inside, z, 0))
}

statement <- function(statistic, definition, expression, ..., log_scale = FALSE)
  list(statistic = statistic, definition = definition, expression = expression, cells = list(...), log_scale = log_scale)

evaluate <- function(name, design, said) {
  w <- as.vector(weights(design))
  df <- degf(design)
  cells <- said$cells
  p <- lapply(cells, function(cell) sum(w * cell$y) / sum(w * cell$z))
  names(p) <- letters[seq_along(cells)]

  derived <- eval(deriv(said$expression, names(p)), p)
  gradient <- attr(derived, "gradient")
  influence <- Reduce(`+`, Map(function(cell, p, slope) slope * w * (cell$y - p * cell$z) / sum(w * cell$z),
                               cells, p, as.vector(gradient)))
  variance <- as.numeric(survey:::svyrecvar(influence, design$cluster, design$strata, design$fpc))

  for (i in seq_along(cells)) {
    design$variables[[paste0("y", i)]] <- cells[[i]]$y
    design$variables[[paste0("z", i)]] <- cells[[i]]$z
  }
  totals <- svytotal(reformulate(paste0(c("y", "z"), rep(seq_along(cells), each = 2))), design)
  ratios <- setNames(lapply(seq_along(cells), function(i) parse(text = sprintf("(y%d / z%d)", i, i))[[1]]), names(p))
  whole <- do.call(substitute, list(said$expression, ratios))
  other <- svycontrast(totals, whole)
  stopifnot(abs(as.numeric(coef(other)) - derived) <= 1e-11 * max(1, abs(derived)),
            abs(as.numeric(SE(other)) - sqrt(variance)) <= 1e-9 * sqrt(variance))

  estimate <- as.numeric(derived)
  error <- sqrt(variance)
  ends <- estimate + c(-1, 1) * qt(1 - (1 - LEVEL) / 2, df) * error
  row <- function(statistic, estimate, error, ends)
    data.frame(design = name, statistic = statistic, definition = said$definition, estimate = estimate,
               standard_error = error, df = df, ci_low = ends[1], ci_high = ends[2])
  if (!said$log_scale) return(row(said$statistic, estimate, error, ends))
  rbind(row(said$statistic, exp(estimate), exp(estimate) * error, exp(ends)),
        row(paste0("log_", said$statistic), estimate, error, ends))
}

## ---- the statements --------------------------------------------------------

statements <- function(d) {
  share <- function(column, option, inside = TRUE) cell_of(as.numeric(d[[column]] %in% option), ifelse(is.na(d[[column]]), NA, 1),
                                                           inside)
  mean_of <- function(values, inside = TRUE) cell_of(values, 1 + 0 * values, inside)
  is <- function(level) d$stype == level
  awarded <- d$awards == "Yes"
  promoters <- as.numeric(d$score >= 9) - as.numeric(d$score <= 6)
  awards <- function(level) share("awards", "Yes", is(level))
  whole <- function(level) share("sch.wide", "Yes", is(level))
  list(
    statement("difference_levels", "share awards=Yes | stype=E - share awards=Yes | stype=H", quote(a - b),
              awards("E"), awards("H")),
    statement("difference_levels", "share sch.wide=Yes | stype=H - share sch.wide=Yes | stype=M", quote(a - b),
              whole("H"), whole("M")),
    statement("difference_levels", "share stype=E | awards=Yes - share stype=E | awards=No", quote(a - b),
              share("stype", "E", awarded), share("stype", "E", !awarded)),
    statement("difference_levels", "mean api00 | stype=E - mean api00 | stype=H", quote(a - b),
              mean_of(d$api00, is("E")), mean_of(d$api00, is("H"))),
    statement("difference_levels", "mean enroll | stype=E - mean enroll | stype=H", quote(a - b),
              mean_of(d$enroll, is("E")), mean_of(d$enroll, is("H"))),
    statement("difference_total", "share awards=Yes | stype=M - share awards=Yes | total", quote(a - b),
              awards("M"), share("awards", "Yes")),
    statement("difference_total", "share stype=H | awards=No - share stype=H | total", quote(a - b),
              share("stype", "H", !awarded), share("stype", "H")),
    statement("difference_rest", "share awards=Yes | stype=E - share awards=Yes | stype not E", quote(a - b),
              awards("E"), share("awards", "Yes", !is("E"))),
    statement("difference_options", "share stype=E | awards=Yes - share stype=M | awards=Yes", quote(a - b),
              share("stype", "E", awarded), share("stype", "M", awarded)),
    statement("difference_options", "share awards=Yes | stype=H - share awards=No | stype=H", quote(a - b),
              awards("H"), share("awards", "No", is("H"))),
    statement("relative_risk", "share awards=Yes | stype=E / share awards=Yes | stype=H", quote(log(a / b)),
              awards("E"), awards("H"), log_scale = TRUE),
    statement("relative_risk", "share comp.imp=Yes | stype=H / share comp.imp=Yes | total", quote(log(a / b)),
              share("comp.imp", "Yes", is("H")), share("comp.imp", "Yes"), log_scale = TRUE),
    statement("odds_ratio", "odds awards=Yes | stype=E / odds awards=Yes | stype=H", quote(log(a / (1 - a)) - log(b / (1 - b))),
              awards("E"), awards("H"), log_scale = TRUE),
    statement("odds_ratio", "odds sch.wide=Yes | stype=M / odds comp.imp=Yes | stype=M",
              quote(log(a / (1 - a)) - log(b / (1 - b))),
              share("sch.wide", "Yes", is("M")), share("comp.imp", "Yes", is("M")), log_scale = TRUE),
    statement("linear", paste("share awards=Yes | stype=E - share awards=Yes | stype=H",
                              "- share sch.wide=Yes | stype=E + share sch.wide=Yes | stype=H"), quote(a - b - c + d),
              awards("E"), awards("H"), whole("E"), whole("H")),
    statement("linear", paste("0.5 share awards=Yes | stype=E + 0.3 share awards=Yes | stype=M",
                              "+ 0.2 share awards=Yes | stype=H - share sch.wide=Yes | total"),
              quote(0.5 * a + 0.3 * b + 0.2 * c - d), awards("E"), awards("M"), awards("H"), share("sch.wide", "Yes")),
    statement("net", "share stype=H or stype=M | awards=Yes", quote(a), share("stype", c("H", "M"), awarded)),
    statement("net", "share score=9 or score=10 | total", quote(a), share("score", 9:10)),
    statement("net", "share score=9 or score=10 | stype=E", quote(a), share("score", 9:10, is("E"))),
    statement("nps", "nps score | total", quote(a), mean_of(promoters)),
    statement("nps", "nps score | stype=E", quote(a), mean_of(promoters, is("E"))),
    statement("nps", "nps score | stype=H", quote(a), mean_of(promoters, is("H"))),
    statement("difference_levels", "nps score | stype=E - nps score | stype=H", quote(a - b),
              mean_of(promoters, is("E")), mean_of(promoters, is("H"))),
    statement("difference_total", "nps score | stype=E - nps score | total", quote(a - b),
              mean_of(promoters, is("E")), mean_of(promoters)),
    statement("ratio", "total api.stu / total enroll | awards=Yes", quote(a), cell_of(d$api.stu, d$enroll, awarded)),
    statement("ratio", "total api.stu / total enroll | stype=M", quote(a), cell_of(d$api.stu, d$enroll, is("M"))),
    statement("difference_levels",
              "total api.stu / total enroll | stype=E - total api.stu / total enroll | stype=H", quote(a - b),
              cell_of(d$api.stu, d$enroll, is("E")), cell_of(d$api.stu, d$enroll, is("H"))))
}

strat <- read_data("apistrat_score.csv")
clus2 <- read_data("apiclus2.csv")
designs <- list(
  strat_fpc = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat),
  clus2_fpc = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2),
  strat_weights = svydesign(id = ~1, weights = ~pw, data = strat))

table <- do.call(rbind, lapply(names(designs), function(name)
  do.call(rbind, lapply(statements(designs[[name]]$variables), function(said) evaluate(name, designs[[name]], said)))))

## ---- the same from svyby and svymean ---------------------------------------

compare <- function(name, definition, contrast) {
  row <- table[table$design == name & table$definition == definition & !grepl("^(rel|odds)", table$statistic), ]
  stopifnot(nrow(row) == 1, abs(as.numeric(coef(contrast)) - row$estimate) <= 1e-11 * max(1, abs(row$estimate)),
            abs(as.numeric(SE(contrast)) - row$standard_error) <= 1e-9 * row$standard_error)
}
for (name in names(designs)) {
  design <- designs[[name]]
  design <- update(design, yes = as.numeric(awards == "Yes"), stype = factor(stype))
  by_level <- svyby(~yes, ~stype, design, svymean, covmat = TRUE)
  compare(name, "share awards=Yes | stype=E - share awards=Yes | stype=H", svycontrast(by_level, c(E = 1, H = -1)))
  compare(name, "share awards=Yes | stype=E / share awards=Yes | stype=H", svycontrast(by_level, quote(log(E / H))))
  compare(name, "odds awards=Yes | stype=E / odds awards=Yes | stype=H",
          svycontrast(by_level, quote(log(E / (1 - E)) - log(H / (1 - H)))))
  awarded <- subset(design, awards == "Yes")
  options <- svymean(~stype, awarded)
  compare(name, "share stype=E | awards=Yes - share stype=M | awards=Yes", svycontrast(options, c(stypeE = 1, stypeM = -1)))
  compare(name, "share stype=H or stype=M | awards=Yes", svycontrast(options, c(stypeH = 1, stypeM = 1)))
  # A ratio leaves out the schools without a size (na.rm): nobody else.
  compare(name, "total api.stu / total enroll | awards=Yes",
          svyratio(~api.stu, ~enroll, awarded, na.rm = TRUE))
}
write_table(table, file.path(here, "contrasts.csv"))
cat(sprintf("contrasts.csv: %d rows\n", nrow(table)))
