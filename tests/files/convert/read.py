"""What pyreadstat sees in described.sav."""

import pyreadstat

frame, meta = pyreadstat.read_sav("described.sav", user_missing=True)
print(frame.to_string())
for name in meta.column_names:
    print(name, meta.original_variable_types[name], meta.variable_measure[name], repr(meta.column_names_to_labels[name]),
          meta.variable_value_labels.get(name, {}), meta.missing_ranges.get(name, []), meta.missing_user_values.get(name, []))
print(meta.file_label, meta.file_encoding, meta.mr_sets)
