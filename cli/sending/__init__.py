"""What `voc send` is made of: lines to events, events to batches, batches through the door, and where it stopped.

json_lines, csv_rows (columns)  →  chunk  →  run  →  door
                 rebase ↗                     ↘ refusals, bookmark
"""
