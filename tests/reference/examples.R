# Writes examples.csv and its data: the small data sets crowd, hospital and scd of the survey package, with the designs
# of their help pages, linearised and by replicates.
# Run from the repository root: Rscript tests/reference/examples.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# The answers yes and no are made here of the numbers, so that there are shares and domains.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))
source(file.path(here, "statistics.R"))
written <- function(frame, name) through_csv(frame, file.path(here, "data", name))
yes_no <- function(is_so) ifelse(is_so, "yes", "no")
tables <- list()

# A linearised design, by statistics.R: all of it is computed by hand there too.
linearised <- function(name, design, spec) {
  v <- design$variables
  tables[[length(tables) + 1]] <<- cbind(mse = "", statistics_table(
    name, design, answers = list(list(variable = spec$answer, column = v[[spec$answer]], options = c("no", "yes"))),
    numbers = v[spec$numbers],
    ratios = list(list(variable = paste(spec$numbers[1:2], collapse = "/"), y = v[[spec$numbers[1]]], z = v[[spec$numbers[2]]])),
    segment = list(id = spec$segment, column = v[[spec$segment]])))
}

# A design of replicate weights; df is degf() of the whole design in every row, as in replicates.csv. `by_hand` says
# once more what the variance of every figure is: scale * sum of rscales * (replicate - centre)^2.
replicated <- function(name, design, spec) {
  v <- design$variables
  factors <- weights(design, "analysis")
  base <- weights(design, "sampling")
  df <- degf(design)
  t <- qt(0.975, df)
  by_hand <- function(figure) {
    whole <- figure(base)
    each <- apply(factors, 2, figure)
    centre <- if (isTRUE(design$mse)) whole else mean(each[design$rscales > 0])
    c(whole, sqrt(design$scale * sum(design$rscales * (each - centre)^2)))
  }
  levels <- sort(unique(v[[spec$segment]]))
  domains <- c(list(list("total", "total", rep(TRUE, nrow(v)))),
               lapply(levels, function(level) list(spec$segment, level, v[[spec$segment]] == level)))
  add <- function(statistic, variable, option, domain, from_r, figure) {
    got <- c(as.numeric(coef(from_r)), as.numeric(SE(from_r)))
    stopifnot(abs(got - by_hand(figure)) <= 1e-10 * max(abs(got)))
    if (got[2] < NOISE * max(1, abs(got[1]))) got[2] <- 0
    n <- sum(domain[[3]])
    tables[[length(tables) + 1]] <<- data.frame(
      mse = if (isTRUE(design$mse)) "TRUE" else "FALSE", design = name, statistic = statistic, variable = variable,
      option = option, segment = domain[[1]], level = domain[[2]], estimate = got[1], standard_error = got[2], df = df,
      df_domain = NA_real_, deff_replace = NA_real_, deff_without = NA_real_,
      ci_low = got[1] - t * got[2], ci_high = got[1] + t * got[2], n = n, n_weighted = sum(base[domain[[3]]]))
  }
  for (domain in domains) {
    design$variables$.d <- domain[[3]]
    d <- as.numeric(domain[[3]])
    inside <- subset(design, .d)
    for (option in c("no", "yes")) {
      y <- as.numeric(v[[spec$answer]] == option)
      inside$variables$.y <- y[domain[[3]]]
      if (length(unique(y[domain[[3]]])) > 1)
        add("share", spec$answer, option, domain, svymean(~.y, inside), function(w) sum(w * d * y) / sum(w * d))
      add("count", spec$answer, option, domain, svytotal(~.y, inside), function(w) sum(w * d * y))
    }
    for (variable in spec$numbers) {
      y <- as.numeric(v[[variable]])
      inside$variables$.y <- y[domain[[3]]]
      add("mean", variable, "", domain, svymean(~.y, inside), function(w) sum(w * d * y) / sum(w * d))
      add("total", variable, "", domain, svytotal(~.y, inside), function(w) sum(w * d * y))
    }
    y <- as.numeric(v[[spec$numbers[1]]])
    z <- as.numeric(v[[spec$numbers[2]]])
    inside$variables$.y <- y[domain[[3]]]
    inside$variables$.z <- z[domain[[3]]]
    add("ratio", paste(spec$numbers[1:2], collapse = "/"), "", domain, svyratio(~.y, ~.z, inside),
        function(w) sum(w * d * y) / sum(w * d * z))
  }
}
both_centres <- function(name, make, spec)
  for (mse in c(TRUE, FALSE)) replicated(name, suppressWarnings(make(mse)), spec)

## ---- crowd: households of the VPLX manual ----------------------------------

data(crowd)
crowd$overcrowded <- yes_no(crowd$person > crowd$rooms)
crowd$large <- yes_no(crowd$rooms > 5)
crowd$room.ratio <- crowd$rooms / crowd$person
crowd <- written(crowd, "crowd.csv")
spec <- list(answer = "large", numbers = c("rooms", "person", "room.ratio"), segment = "overcrowded")
clusters <- svydesign(id = ~cluster, weights = ~weight, data = crowd)
strata <- svydesign(id = ~cluster, weights = ~weight, strata = ~stratum, data = crowd)
linearised("crowd_clusters", clusters, spec)
linearised("crowd_strata", strata, spec)
both_centres("crowd_jk1", function(mse) as.svrepdesign(clusters, mse = mse), spec)
both_centres("crowd_jkn", function(mse) as.svrepdesign(strata, mse = mse), spec)

## ---- hospital: births in hospitals by level of care ------------------------

data(hospital)
hospital$busy <- yes_no(hospital$births >= 1000)
hospital$odd <- yes_no(hospital$hospno %% 2 == 1)
hospital <- written(hospital, "hospital.csv")
spec <- list(answer = "busy", numbers = c("births", "tothosp"), segment = "odd")
design <- svydesign(strata = ~oblevel, id = ~hospno, weights = ~weighta, fpc = ~tothosp, data = hospital)
linearised("hospital", design, spec)
both_centres("hospital_jkn", function(mse) as.svrepdesign(design, mse = mse), spec)

## ---- scd: survival of cardiac arrest, half-samples of Levy and Lemeshow ----

data(scd)
scd$busy <- yes_no(scd$arrests >= 200)
scd$thirty <- yes_no(scd$alive >= 30)
scd$stations <- 5
scd$weight <- 1
repweights <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1), c(0, 1, 0, 1, 1, 0))
colnames(repweights) <- paste0("r", 1:4)
scd <- written(cbind(scd, repweights), "scd.csv")
spec <- list(answer = "thirty", numbers = c("alive", "arrests"), segment = "busy")
linearised("scd_fpc", suppressWarnings(svydesign(data = scd, prob = ~1, id = ~ambulance, strata = ~ESA, nest = TRUE,
                                                 fpc = ~stations)), spec)
nofpc <- svydesign(data = scd, prob = ~1, id = ~ambulance, strata = ~ESA, nest = TRUE)
linearised("scd_nofpc", nofpc, spec)
both_centres("scd_brr", function(mse) svrepdesign(data = scd, type = "BRR", repweights = scd[, colnames(repweights)],
                                                  weights = rep(1, 6), combined.weights = TRUE, mse = mse), spec)
# Without weights, as the help page has it, the same.
local({
  as_helped <- suppressWarnings(svrepdesign(data = scd, type = "BRR", repweights = repweights))
  ours <- svrepdesign(data = scd, type = "BRR", repweights = repweights, weights = rep(1, 6), combined.weights = TRUE)
  stopifnot(all.equal(svyratio(~alive, ~arrests, as_helped)[1:2], svyratio(~alive, ~arrests, ours)[1:2]))
})
# Which half-samples are balanced is a choice of the Hadamard matrix. R's own gives the other half of each of these: counts
# and totals are the same, ratios and domains are not (SE of alive/arrests 0.00943, here 0.01031). Sylvester's is the one
# that topline makes.
sylvester <- matrix(c(1, 1, 1, 1, 1, -1, 1, -1, 1, 1, -1, -1, 1, -1, -1, 1), 4)
both_centres("scd_made_brr", function(mse) as.svrepdesign(nofpc, type = "BRR", mse = mse,
                                                          hadamard.matrix = (sylvester + 1) / 2), spec)

table <- do.call(rbind, tables)
write_table(table, file.path(here, "examples.csv"))
print(aggregate(cbind(rows = 1, df = table$df) ~ design, table, function(x) c(length(x), x[1])))
