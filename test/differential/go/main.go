// What moby's own code makes of a case: one JSON line in, one JSON line out.
// Texts are bytes, each written as the character of the same number (U+0000 to U+00FF), since JSON knows no bytes.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type question struct {
	Kind string
	Text raw
	// Words: the escape character and the variables. Builds: the build arguments.
	Escape string
	Values map[string]raw
	// Patterns.
	Path raw
	// Builds.
	Target string
	Images map[string]image
}

type answer struct {
	Refused string `json:"refused,omitempty"`
	Value   any    `json:"value,omitempty"`
}

type raw []byte

func (r *raw) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	for _, character := range text {
		*r = append(*r, byte(character))
	}
	return nil
}

func written(text string) string {
	characters := make([]rune, len(text))
	for at := range len(text) {
		characters[at] = rune(text[at])
	}
	return string(characters)
}

func reply(q question) (a answer) {
	defer func() {
		if problem := recover(); problem != nil {
			a = answer{Refused: fmt.Sprint("panic: ", problem)}
		}
	}()
	answers := map[string]func(question) (any, error){
		"dockerfile": parseDockerfile,
		"word":       expandWord,
		"ignore":     readIgnoreFile,
		"match":      matchSource,
		"build":      build,
	}
	value, err := answers[q.Kind](q)
	if err != nil {
		return answer{Refused: written(err.Error())}
	}
	return answer{Value: value}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var q question
		if err := json.Unmarshal(line, &q); err != nil {
			panic(err)
		}
		if err := out.Encode(reply(q)); err != nil {
			panic(err)
		}
	}
}
