# Writes quantiles.csv: quantile functions of R on a wide grid.
# Run from the repository root: Rscript tests/reference/quantiles.R
# R 4.2.2 Patched (2022-11-10 r83330); no package.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})

probabilities <- c(1e-12, 1e-6, 0.005, 0.025, 0.05, 0.1, 0.5, 0.9, 0.95, 0.975, 0.995, 1 - 1e-6)
normal <- data.frame(`function` = "qnorm", p = probabilities, a = NA, b = NA,
                     value = qnorm(probabilities), check.names = FALSE)

grid <- expand.grid(p = probabilities,
                    df = c(1, 2, 3, 5, 10, 15, 31, 100, 936, 2999, 1e5, 1e7, 1e10))
student <- data.frame(`function` = "qt", p = grid$p, a = grid$df, b = NA,
                      value = qt(grid$p, grid$df), check.names = FALSE)

shapes <- c(0.5, 1, 3, 12, 54.3, 600, 12345.6, 1e6, 1e7)
grid <- expand.grid(p = c(1e-6, 0.005, 0.025, 0.5, 0.975, 0.995), b = shapes, a = shapes)
beta <- data.frame(`function` = "qbeta", p = grid$p, a = grid$a, b = grid$b,
                   value = qbeta(grid$p, grid$a, grid$b), check.names = FALSE)

all <- rbind(normal, student, beta)
stopifnot(is.finite(all$value))
digits17 <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
for (column in c("p", "a", "b", "value")) all[[column]] <- digits17(all[[column]])
lines <- c(paste(names(all), collapse = ","), do.call(paste, c(unname(all), sep = ",")))
con <- file(file.path(here, "quantiles.csv"), open = "wb")
writeLines(lines, con, sep = "\n")
close(con)
cat("quantiles.csv:", nrow(all), "rows\n")
