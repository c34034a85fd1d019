# Writes designs.csv and its data: sample designs of one to three stages, lonely units at two of them, Brewer's
# approximation, units that count nobody. For each: shares, counts, means, totals, standard deviations and a ratio.
# Run from the repository root: Rscript tests/reference/designs.R
# R 4.2.2 Patched (2022-11-10 r83330), survey 4.1-1.
#
# What R does in several stages, and what the names and columns mean: README.md. The trap of `strata`: ~a+b are the
# strata of two stages, not their combination.
here <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file) == 1) dirname(normalizePath(file)) else "tests/reference"
})
source(file.path(here, "reference.R"))
source(file.path(here, "statistics.R"))
written <- function(frame, name) through_csv(frame, file.path(here, "data", name))
tables <- list()
keep <- function(...) tables[[length(tables) + 1]] <<- statistics_table(...)

## ---- schools ---------------------------------------------------------------

data(api)
# An invented answer of 0 to 10 to "would you recommend this school?", for contrasts.R and quantile.R: it follows the
# index of the school, loosely, and is missing for one school in twenty.
invented_score <- function(frame, seed) {
  set.seed(seed)
  score <- pmin(10, pmax(0, round((frame$api00 - 300) / 60 + rnorm(nrow(frame), 1, 2.5))))
  ifelse(runif(nrow(frame)) < 0.05, NA, score)
}
facts <- c("stype", "sch.wide", "comp.imp", "awards", "api00", "api.stu", "enroll", "score")

strat <- apistrat
strat$score <- invented_score(strat, 1)
strat$fraction <- as.vector(table(strat$stype)[strat$stype]) / strat$fpc
strat <- written(strat[, c(facts, "pw", "fpc", "fraction")], "apistrat_score.csv")

clus2 <- apiclus2
clus2$score <- invented_score(clus2, 2)
clus2$fpc2 <- as.numeric(clus2$fpc2)
clus2$pw <- weights(svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2))
clus2$fraction1 <- 40 / clus2$fpc1
clus2$fraction2 <- as.vector(table(clus2$dnum)[as.character(clus2$dnum)]) / clus2$fpc2
clus2 <- written(clus2[, c(facts, "dnum", "snum", "fpc1", "fpc2", "fraction1", "fraction2", "pw")], "apiclus2.csv")

schools <- function(name, design) {
  d <- design$variables
  keep(name, design,
       answers = list(list(variable = "sch_wide", column = d$sch.wide, options = c("No", "Yes")),
                      list(variable = "stype", column = d$stype, options = "E")),
       numbers = list(api00 = d$api00, enroll = d$enroll),
       ratios = list(list(variable = "api_stu/enroll", y = d$api.stu, z = d$enroll)),
       segment = list(id = "awards_and_goal", column = ifelse(d$stype == "M" & d$awards == "No", "middle_none",
                                                              ifelse(d$stype == "M", NA, as.character(d$awards)))))
}
clus2_fpc <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2)
stopifnot(identical(as.vector(weights(clus2_fpc)), clus2$pw))
schools("clus2_fpc", clus2_fpc)
schools("clus2_wr", svydesign(id = ~dnum + snum, weights = ~pw, data = clus2))
clus2_fractions <- svydesign(id = ~dnum + snum, fpc = ~fraction1 + fraction2, data = clus2)
stopifnot(isTRUE(all.equal(as.vector(weights(clus2_fractions)), clus2$pw, tolerance = 1e-14)))
schools("clus2_fractions", clus2_fractions)
strat_fractions <- svydesign(id = ~1, strata = ~stype, fpc = ~fraction, data = strat)
stopifnot(isTRUE(all.equal(as.vector(weights(strat_fractions)), strat$fpc / c(E = 100, H = 50, M = 50)[strat$stype],
                           tolerance = 1e-14, check.attributes = FALSE)))
schools("strat_fractions", strat_fractions)

## ---- municipalities (Särndal, Swensson & Wretman 1992) --------------------

data(mu284)
mu <- mu284[, c("id1", "n1", "id2", "n2", "y1")]
mu$size <- ifelse(mu$y1 > 45, "large", "small")
mu$part <- ifelse(mu$id2 == 3, "last", "first")
mu$pw <- weights(svydesign(id = ~id1 + id2, fpc = ~n1 + n2, data = mu))
mu <- written(mu, "mu284.csv")
mu284_design <- svydesign(id = ~id1 + id2, fpc = ~n1 + n2, data = mu)
stopifnot(isTRUE(all.equal(as.vector(weights(mu284_design)), mu$pw, tolerance = 1e-14)))
keep("mu284", mu284_design,
     answers = list(list(variable = "size", column = mu$size, options = c("large", "small"))),
     numbers = list(y1 = mu$y1), ratios = list(list(variable = "y1/n2", y = mu$y1, z = mu$n2)),
     segment = list(id = "part", column = mu$part))

## ---- counties, drawn with probability proportional to size -----------------

data(election)
counties <- election_pps[, c("County", "Bush", "Kerry", "votes", "p", "wt")]
stopifnot(isTRUE(all.equal(counties$wt, 1 / counties$p, tolerance = 1e-12)))
counties$winner <- ifelse(counties$Bush > counties$Kerry, "Bush", "Kerry")
counties$size <- ifelse(counties$votes >= 200000, "large", "small")
counties$weight <- 1 / counties$p
counties$County <- enc2utf8(as.character(counties$County))
counties <- written(counties, "election_pps.csv")
elections <- function(name, design)
  keep(name, design,
       answers = list(list(variable = "winner", column = counties$winner, options = c("Bush", "Kerry"))),
       numbers = list(Bush = counties$Bush, votes = counties$votes),
       ratios = list(list(variable = "Bush/votes", y = counties$Bush, z = counties$votes)),
       segment = list(id = "size", column = counties$size))
elections("pps_brewer", svydesign(id = ~1, fpc = ~p, data = counties, pps = "brewer"))
elections("pps_hh", svydesign(id = ~1, weights = ~wt, data = counties))

## ---- invented people -------------------------------------------------------

distinct <- function(unit, within) ave(as.numeric(factor(unit)), factor(within), FUN = function(u) length(unique(u)))
repeated <- function(frame, times) data.frame(frame[rep(seq_len(nrow(frame)), times), ], row.names = NULL)

invented_answers <- function(people) {
  rows <- nrow(people)
  effect <- ave(rnorm(rows), people$s1, people$psu, FUN = function(v) v[1])
  people$answer <- ifelse(runif(rows) < plogis(effect), "yes", sample(c("no", "unsure", NA), rows, TRUE, c(6, 3, 1)))
  people$minutes <- round(rexp(rows, 1 / 30) + 5 * (effect + 3))
  people$minutes[runif(rows) < 0.06] <- NA
  people$visits <- 1 + rpois(rows, 2)
  # "rare" is in one unit of each of two strata, "some" in no unit of b; a few are in no level.
  group <- sample(c("north", "south", NA), rows, TRUE, c(5, 4, 1))
  group[people$psu == 1 & people$s1 != "b" & runif(rows) < 0.5] <- "rare"
  group[people$psu == 2 & people$s1 != "b" & runif(rows) < 0.7] <- "some"
  people$group <- group
  people
}
# f1: units in the stratum s1; f2: units in the stratum s2 of the unit psu.
second_stage <- function(s1, psu, f1, s2, units, f2)
  data.frame(s1 = s1, psu = psu, f1 = f1, s2 = s2, ssu = seq_len(units), f2 = f2)
# `persons`: how many there are in s2 of the unit, some of whom were asked; `person` counts those. The weights follow
# the sampling fractions loosely.
two_stages <- function(layout) {
  people <- repeated(layout, sample(2:6, nrow(layout), TRUE))
  n1 <- distinct(people$psu, people$s1)
  n2 <- distinct(people$ssu, paste(people$s1, people$psu, people$s2))
  people$weight <- round(people$f1 / n1 * people$f2 / n2 * runif(nrow(people), 0.7, 1.6), 2)
  within <- paste(people$s1, people$psu, people$s2)
  people$person <- ave(seq_len(nrow(people)), within, FUN = seq_along)
  people$persons <- ave(people$person, within, FUN = function(person) length(person) * (1 + length(person) %% 3))
  invented_answers(people)
}
asked <- function(name, design, treatment = "as R") {
  d <- design$variables
  keep(name, design,
       answers = list(list(variable = "answer", column = d$answer, options = c("yes", "no", "unsure"))),
       numbers = list(minutes = d$minutes), ratios = list(list(variable = "minutes/visits", y = d$minutes, z = d$visits)),
       segment = list(id = "group", column = d$group), treatment = treatment)
}

set.seed(20)
units <- data.frame(s1 = rep(c("a", "b", "c"), c(4, 3, 5)), psu = c(1:4, 1:3, 1:5), f1 = rep(c(9, 40, 6), c(4, 3, 5)))
# Some second-stage strata are asked in full: no variance from there.
layout <- do.call(rbind, lapply(seq_len(nrow(units)), function(i) do.call(rbind, lapply(c("x", "y"), function(s2) {
  sampled <- sample(2:4, 1)
  second_stage(units$s1[i], units$psu[i], units$f1[i], s2, sampled, sampled + sample(c(0, 2, 7), 1))
}))))
people <- two_stages(layout)
# Two units of c and one of a count nobody, nor do some people elsewhere.
people$weight_zero <- ifelse((people$s1 == "c" & people$psu %in% c(2, 4)) | (people$s1 == "a" & people$psu == 3) |
                               people$person == 2, 0, people$weight)
people <- written(people, "simulated2.csv")
asked("simulated2", svydesign(id = ~psu + ssu, strata = ~s1 + s2, fpc = ~f1 + f2, nest = TRUE, weights = ~weight,
                              data = people))
# The last stage is the respondent.
asked("simulated2_element", svydesign(id = ~psu + person, strata = ~s1 + s2, fpc = ~f1 + persons, nest = TRUE,
                                      weights = ~weight, data = people))
asked("weights_zero", svydesign(id = ~psu, strata = ~s1, fpc = ~f1, nest = TRUE, weights = ~weight_zero, data = people))
asked("weights_zero_two_stages", svydesign(id = ~psu + ssu, strata = ~s1 + s2, fpc = ~f1 + f2, nest = TRUE,
                                           weights = ~weight_zero, data = people))

# Three stages, strata of the first only, weights from fpc. One household alone is the only one there is. A household
# is one to three people, all of them asked.
set.seed(30)
third <- unique(layout[, c("s1", "psu", "f1", "s2", "ssu")])
third$ssu <- paste0(third$s2, third$ssu)
third$s2 <- NULL
third$f2 <- distinct(third$ssu, paste(third$s1, third$psu)) + third$psu
households <- repeated(third, sample(1:3, nrow(third), TRUE))
within <- paste(households$s1, households$psu, households$ssu)
households$hh <- ave(seq_len(nrow(households)), within, FUN = seq_along)
households$f3 <- ave(households$hh, within, FUN = function(hh) length(hh) + c(0, 6, 3)[length(hh)])
households <- invented_answers(repeated(households, sample(1:3, nrow(households), TRUE)))
three_stages <- function(d) svydesign(id = ~psu + ssu + hh, strata = ~s1, fpc = ~f1 + f2 + f3, nest = TRUE, data = d)
households$weight <- as.vector(weights(three_stages(households)))
households <- written(households, "simulated3.csv")
asked("simulated3", three_stages(households))

## ---- lonely units at both stages -------------------------------------------

# d has one unit, and so has e, which is all of e. At the second stage one unit is alone in x of a1, in z of b2 and in y of
# d1; the one in x of b1 is all there is. Every unit has another stratum too, with more than one unit.
set.seed(40)
lonely <- two_stages(rbind(
  second_stage("a", 1, 8, "x", 1, 4), second_stage("a", 1, 8, "y", 3, 9), second_stage("a", 2, 8, "x", 3, 5),
  second_stage("a", 2, 8, "y", 2, 5), second_stage("a", 3, 8, "x", 2, 3),
  second_stage("b", 1, 20, "x", 1, 1), second_stage("b", 1, 20, "y", 3, 6), second_stage("b", 2, 20, "x", 2, 6),
  second_stage("b", 2, 20, "z", 1, 3), second_stage("c", 1, 5, "x", 2, 7), second_stage("c", 2, 5, "y", 3, 4),
  second_stage("d", 1, 6, "x", 2, 3), second_stage("d", 1, 6, "y", 1, 5), second_stage("e", 1, 1, "x", 3, 8)))
lonely <- written(lonely, "simulated2_lonely.csv")
lonely_design <- svydesign(id = ~psu + ssu, strata = ~s1 + s2, fpc = ~f1 + f2, nest = TRUE, weights = ~weight,
                           data = lonely)
stopifnot(inherits(try(svymean(~visits, lonely_design), silent = TRUE), "try-error"))
for (treatment in c("certainty", "remove", "average", "adjust")) {
  options(survey.lonely.psu = treatment)
  name <- paste0("simulated2_lonely_", treatment)
  if (treatment != "adjust") asked(name, lonely_design)
  else {
    asked(name, lonely_design, "centred")
    asked(paste0(name, "_all"), lonely_design, "centred, all rows")
  }
}

options(survey.lonely.psu = "fail")

table <- do.call(rbind, tables)
write_table(table, file.path(here, "designs.csv"))
print(aggregate(cbind(rows = 1, df = table$df) ~ design, table, function(v) c(length(v), v[1])))
