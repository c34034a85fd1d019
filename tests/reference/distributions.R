# Writes distributions.csv: tail probabilities and quantiles that tests need.
# Run from the repository root: Rscript tests/reference/distributions.R
# R 4.2.2 Patched (2022-11-10 r83330); no package.
#
# Columns: function, x, a, b, value.
#   pnorm   P(Z > x)
#   pt      2 P(T > x), a degrees of freedom: the two-sided p-value
#   pchisq  P(X > x), a degrees of freedom
#   pf      P(F > x), a and b degrees of freedom
#   qchisq, qf   the value with probability x below it
# Inf among a and b is an infinite number of degrees of freedom.
#
# Values of x are placed by a wanted tail, so that p-values reach from near 1
# down to 1e-30 for every number of degrees of freedom.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})

tails <- c(1e-30, 1e-20, 1e-12, 1e-6, 0.001, 0.049, 0.3, 0.5, 0.8, 0.999)
rows <- list()
add <- function(name, x, a, b, value) {
  rows[[length(rows) + 1]] <<- data.frame(`function` = name, x = x, a = a, b = b, value = value, check.names = FALSE)
}
# Four digits are enough to say where, and mean the same in every program.
place <- function(x) unique(signif(x[is.finite(x) & x > 1e-8 & x < 1e100], 4))

x <- place(qnorm(tails, lower.tail = FALSE))
x <- c(-3, x)
add("pnorm", x, NA, NA, pnorm(x, lower.tail = FALSE))

for (df in c(1, 2, 3.5, 7, 16, 39.7, 197, 2999, 1e5, 1e7, Inf)) {
  x <- place(qt(tails / 2, df, lower.tail = FALSE))
  add("pt", x, df, NA, 2 * pt(x, df, lower.tail = FALSE))
}
for (df in c(0.37, 1, 2, 3.814, 12, 54.3, 600, 12345.6, 1e6)) {
  x <- place(qchisq(tails, df, lower.tail = FALSE))
  add("pchisq", x, df, NA, pchisq(x, df, lower.tail = FALSE))
}
grid <- expand.grid(a = c(0.9, 1, 2.73, 6, 54.3), b = c(1, 3.2, 14, 43.61, 197, 2999, 123456.7, 1e7, Inf))
for (i in seq_len(nrow(grid))) {
  x <- place(qf(tails, grid$a[i], grid$b[i], lower.tail = FALSE))
  add("pf", x, grid$a[i], grid$b[i], pf(x, grid$a[i], grid$b[i], lower.tail = FALSE))
}

probabilities <- c(1e-6, 0.005, 0.025, 0.1, 0.5, 0.9, 0.975, 0.995, 1 - 1e-6)
for (df in c(0.37, 1, 2, 3.814, 12, 54.3, 600, 12345.6, 1e6))
  add("qchisq", probabilities, df, NA, qchisq(probabilities, df))
# qf() takes 1/y - 1 of a beta quantile y, which leaves few digits where F is small, and from b = 4e5 on it answers
# with the chi-squared limit, wrong in the seventh digit at b = 1e7 (R's nmath/qf.c). qbeta() has the digits: of y
# and 1 - y the smaller one is taken as it is.
f_quantile <- function(p, a, b) {
  if (is.infinite(b)) return(qchisq(p, a) / a)
  y <- qbeta(p, a / 2, b / 2)
  z <- qbeta(p, b / 2, a / 2, lower.tail = FALSE)
  b / a * ifelse(y < 0.5, y / (1 - y), (1 - z) / z)
}
for (i in seq_len(nrow(grid))) {
  value <- f_quantile(probabilities, grid$a[i], grid$b[i])
  known <- qf(probabilities, grid$a[i], grid$b[i])
  stopifnot(abs(value / known - 1)[value > 1e-3] < 1e-5)
  add("qf", probabilities, grid$a[i], grid$b[i], value)
}

all <- do.call(rbind, rows)
stopifnot(is.finite(all$value))
digits17 <- function(x) ifelse(is.na(x), "", ifelse(is.infinite(x), "inf", sprintf("%.17g", x)))
for (column in c("x", "a", "b", "value")) all[[column]] <- digits17(all[[column]])
lines <- c(paste(names(all), collapse = ","), do.call(paste, c(unname(all), sep = ",")))
con <- file(file.path(here, "distributions.csv"), open = "wb")
writeLines(lines, con, sep = "\n")
close(con)
cat("distributions.csv:", nrow(all), "rows\n")
