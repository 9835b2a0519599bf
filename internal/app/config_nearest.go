package app

// names lists one name of each key.
func names(keys []key, name func(*key) string) []string {
	all := make([]string, len(keys))
	for i := range keys {
		all[i] = name(&keys[i])
	}
	return all
}

// didYouMean ends a message about an unknown name: with the nearest known
// one, or with nothing when none is near.
func didYouMean(name string, known []string) string {
	best, least := "", max(1, len(name)/3)+1 // a letter in three may be wrong
	for _, k := range known {
		if d := editDistance(name, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return ", did you mean " + best + "?"
}

// maxCompared bounds the work spent on a name that is nonsense anyway.
const maxCompared = 64

// editDistance counts the letters to put in, take out or change (Levenshtein).
func editDistance(a, b string) int {
	a, b = a[:min(len(a), maxCompared)], b[:min(len(b), maxCompared)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
