# Made-up answers of 60 members of a panel, written by haven 2.5.1: Rscript make.R (in this folder).
# make.py adds to meal.dta what svyset would.
library(haven)
n <- 1:60
missing_if <- function(x, when, tag) { x[when] <- tagged_na(tag); x }
labelled_of <- function(x, label, labels) labelled(x, labels = labels, label = label)

trust <- missing_if(missing_if(as.double(1 + n %% 4), n %% 7 == 0, "a"), n %% 11 == 0, "b")
trust[n %% 13 == 0] <- NA
income <- missing_if(missing_if(n * 17.25, n %% 8 == 0, "c"), n %% 9 == 0, "z")
born <- as.Date("1950-06-15") + n * 211
born[5] <- NA
called <- as.POSIXct("2024-03-02 09:00:00", tz = "UTC") + n * 61.5
panel <- data.frame(
  id = n,
  trust = labelled_of(trust, "How much do you trust the council?",
    c("a lot" = 1, "some" = 2, "little" = 3, "not at all" = 4, "Don't know" = tagged_na("a"), "Not asked" = tagged_na("b"))),
  income = labelled_of(income, "Income in euro", c("Refused" = tagged_na("c"))),
  party = labelled_of(as.double(n %% 3), "Party", c("none" = 0, "Grün" = 1, "Red" = 2)),
  region = substr(c("Nord", "Süd", "Ost")[1 + n %% 3], 1, 4)
)
attr(panel$region, "label") <- "Region"
panel$born <- structure(born, label = "Born")
panel$called <- structure(called, label = "Called")
panel$pw <- structure(0.5 + (n %% 5) / 4, label = "Weight")
for (version in c(14, 15, 8, 10, 13)) {
  # haven writes UTF-8 into files of versions that know none, so these get none of its letters.
  if (version < 14) {
    panel$region <- sub("ü", "ue", panel$region)
    names(attr(panel$party, "labels"))[2] <- "Gruen"
  }
  write_dta(panel, sprintf("panel-%d.dta", version), version = version, label = "A panel (made up)")
}
essay <- structure(ifelse(n %% 20 == 0, paste(strrep("lang ", 500), n), ""), label = "Essay")
write_dta(cbind(panel[c("id", "trust")], essay = essay), "essay.dta", version = 14)
write_dta(panel[0, ], "panel-empty.dta", version = 14)

user <- data.frame(
  id = n,
  vote = labelled_spss(as.double(ifelse(n %% 9 == 0, 9, 1 + n %% 3)), c(Yes = 1, No = 2, Undecided = 3, Refused = 9),
    na_values = 9, label = "How will you vote?"),
  age = labelled_spss(as.double(ifelse(n %% 10 == 0, 999, 18 + n)), c("No answer" = 999), na_range = c(990, Inf),
    label = "Age"),
  town = labelled_spss(ifelse(n %% 6 == 0, "XX", c("AA", "BB")[1 + n %% 2]), c(Aachen = "AA", Bonn = "BB", Refused = "XX"),
    na_values = "XX", label = "Town"),
  day = as.Date("2024-01-01") + n
)
write_sav(user, "vote.sav", compress = "none")
write_sav(user, "vote-packed.sav", compress = "byte")
write_sav(user, "vote.zsav", compress = "zsav")

meal <- data.frame(
  id = n,
  opinion = labelled_of(as.double(1 + n %% 4), "Opinion of the school meal", c(good = 1, fair = 2, bad = 3, "don't know" = 4)),
  layer = as.double(1 + (n > 30)),
  school = as.double(10 * (n > 30) + 1 + n %% 6),
  wt = 1 + (n %% 3) / 2
)
write_dta(meal, "meal.dta", version = 11)
