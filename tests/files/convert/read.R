# What haven sees in described.sav.
library(haven)
data <- read_sav("described.sav", user_na = TRUE)
for (name in names(data)) {
  column <- data[[name]]
  cat(name, "|", attr(column, "label"), "|", attr(column, "format.spss"), "|", as.vector(column), "\n")
  cat("  labels:", paste(names(attr(column, "labels")), attr(column, "labels"), sep = " = ", collapse = "; "),
      "| na_values:", attr(column, "na_values"), "| na_range:", attr(column, "na_range"), "\n")
}
