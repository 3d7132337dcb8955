// Where no stream has a size, Ink asks other programs for one at each frame, which costs ten times the frame itself.
process.env.COLUMNS = '80';
process.env.LINES = '24';
