// Publiconly asks for the public set and for nothing else.
package main

import (
	"fmt"

	"track15/assets"
)

func main() {
	fmt.Println(assets.Public().Path("public.css"))
}
