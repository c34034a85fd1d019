* Made-up answers of 120 members of a club, written by PSPP 1.6.2: pspp make.sps (in this folder).
SET SEED=20240331.
INPUT PROGRAM.
LOOP #i = 1 TO 120.
COMPUTE respid = #i.
COMPUTE sex = 1 + MOD(#i, 2).
COMPUTE sport = 1 + MOD(#i * 7, 5).
IF MOD(#i, 11) = 0 sport = 97.
IF MOD(#i, 13) = 0 sport = 98.
IF MOD(#i, 17) = 0 sport = $SYSMIS.
COMPUTE content = 1 + MOD(#i * 3 + TRUNC(#i / 7), 5).
IF MOD(#i, 19) = 0 content = -9.
IF MOD(#i, 23) = 0 content = -8.
IF MOD(#i, 29) = 0 content = -7.
COMPUTE hours = MOD(#i * 37, 600) / 10.
IF MOD(#i, 20) = 0 hours = 9998.
IF MOD(#i, 21) = 0 hours = 9999.
IF MOD(#i, 22) = 0 hours = -1.
COMPUTE bar = (MOD(#i, 2) = 0).
COMPUTE pool = (MOD(#i, 3) = 0).
COMPUTE sauna = (MOD(#i, 5) = 0).
IF MOD(#i, 10) = 7 bar = 9.
IF MOD(#i, 10) = 7 pool = 9.
IF MOD(#i, 10) = 7 sauna = 9.
COMPUTE news1 = 1 + MOD(#i, 4).
COMPUTE news2 = 1 + MOD(#i + 1 + MOD(#i, 3), 4).
IF MOD(#i, 3) = 0 news2 = $SYSMIS.
IF MOD(#i, 12) = 5 news1 = 99.
IF MOD(#i, 12) = 5 news2 = 99.
STRING fan1 fan2 (A6) /region (A2) /remark (A560).
COMPUTE fan1 = "no".
IF MOD(#i, 4) = 0 fan1 = "yes".
COMPUTE fan2 = "no".
IF MOD(#i, 6) = 0 fan2 = "yes".
COMPUTE region = "N".
IF MOD(#i, 3) = 1 region = "S".
IF MOD(#i, 3) = 2 region = "Ö".
IF MOD(#i, 15) = 0 region = "KA".
IF MOD(#i, 40) = 0 remark = CONCAT(RPAD("Größe ", 545, "x"), " zu Ende").
COMPUTE since = DATE.DMY(1 + MOD(#i, 28), 1 + MOD(#i, 12), 1990 + MOD(#i, 30)).
COMPUTE asked = DATE.DMY(2, 3, 2024) + TIME.HMS(9, MOD(#i, 60), 30.5).
COMPUTE took = TIME.HMS(0, 12, MOD(#i, 60)).
COMPUTE gewicht = 0.5 + MOD(#i, 4) / 4.
END CASE.
END LOOP.
END FILE.
END INPUT PROGRAM.

VARIABLE LABELS sex "Geschlecht" /sport "Which sport do you do most?" /content "Wie zufrieden sind Sie mit dem Verein?"
 /hours "Hours a year" /bar "What do you use? The bar" /pool "What do you use? The pool" /sauna "What do you use? The sauna"
 /news1 "How do you hear of us? First" /news2 "How do you hear of us? Second" /fan1 "Rovers" /fan2 "United" /region "Region"
 /remark "Anything else" /since "Member since" /asked "Asked at" /took "Took" /gewicht "Weight".
VALUE LABELS sex 1 "weiblich" 2 "männlich"
 /sport 1 "Tennis" 2 "Football" 3 "Swimming" 4 "Rowing" 5 "None" 97 "Refused" 98 "Not asked (new members)"
 /content 1 "sehr unzufrieden" 2 "unzufrieden" 3 "teils, teils" 4 "zufrieden" 5 "sehr zufrieden"
  -7 "trifft nicht zu" -8 "weiß nicht" -9 "keine Angabe"
 /hours 9998 "Don't know" 9999 "No answer" /bar pool sauna 0 "no" 1 "yes" 9 "not asked"
 /news1 news2 1 "Mail" 2 "Poster" 3 "Friends" 4 "Press" 99 "No answer"
 /fan1 "yes" "The Rovers" "no" "no" /fan2 "yes" "The United" "no" "no"
 /region "N" "Nord" "S" "Süd" "Ö" "Österreich" "KA" "keine Angabe".
MISSING VALUES sport (97, 98) /content (LOWEST THRU -7) /hours (9998 THRU HIGHEST, -1) /bar pool sauna (9) /news1 news2 (99)
 /region ("KA").
VARIABLE LEVEL sex sport region (NOMINAL) /content (ORDINAL) /hours gewicht (SCALE).
FORMATS respid sex sport content bar pool sauna news1 news2 (F3.0) /hours (F8.1) /since (EDATE10) /asked (DATETIME20)
 /took (TIME8) /gewicht (F8.2).
MRSETS /MDGROUP NAME=$uses LABEL="What do you use?" VARIABLES=bar pool sauna VALUE=1
 /MCGROUP NAME=$news LABEL="How do you hear of us?" VARIABLES=news1 news2
 /MDGROUP NAME=$fans LABEL="Fan of" CATEGORYLABELS=COUNTEDVALUES VARIABLES=fan1 fan2 VALUE="yes".
WEIGHT BY gewicht.
FILE LABEL Members of a club 2024 (made up).
SAVE OUTFILE="club-unpacked.sav" /DROP=remark /UNCOMPRESSED.
SAVE OUTFILE="club.sav" /COMPRESSED.
SAVE OUTFILE="club.zsav" /ZCOMPRESSED.
SELECT IF respid > 1000.
SAVE OUTFILE="club-empty.sav".
