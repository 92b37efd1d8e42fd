// Package lcs tells what two sequences have in common, for comparing texts word by
// word.
package lcs

// Table returns, for each i and j, how many elements a[i:] and b[j:] share in
// order, at most 65,535. Time and memory are the product of both lengths.
func Table[T comparable](a, b []T) [][]uint16 {
	n := make([][]uint16, len(a)+1)
	for i := range n {
		n[i] = make([]uint16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				n[i][j] = n[i+1][j+1] + 1
			} else {
				n[i][j] = max(n[i+1][j], n[i][j+1])
			}
		}
	}
	return n
}
