package main

import (
	"bytes"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

type heredoc struct {
	Delimiter string `json:"delimiter"`
	Content   string `json:"content"`
	Expand    bool   `json:"expand"`
	Chomp     bool   `json:"chomp"`
}

type instruction struct {
	Keyword  string       `json:"keyword"`
	Lines    []int        `json:"lines"`
	Flags    []string     `json:"flags"`
	JSON     bool         `json:"json"`
	Words    []string     `json:"words"`
	Heredocs []heredoc    `json:"heredocs"`
	Trigger  *instruction `json:"trigger"`
}

// Without one, a `# check=` among the comments is a nil pointer.
var quiet = linter.New(&linter.Config{SkipAll: true})

func parseDockerfile(q question) (any, error) {
	result, err := parser.Parse(bytes.NewReader(q.Text))
	if err != nil {
		return nil, err
	}
	found := []instruction{}
	for _, node := range result.AST.Children {
		parsed, err := instructions.ParseInstructionWithLinter(node, quiet)
		if err != nil {
			return nil, err
		}
		described := describe(node)
		if trigger, ok := parsed.(*instructions.OnbuildCommand); ok {
			described.Trigger = describeTrigger(trigger.Expression)
		}
		described.Lines = []int{node.StartLine, node.EndLine}
		found = append(found, described)
	}
	return found, nil
}

// The builder reads the text of a trigger where it runs.
func describeTrigger(text string) *instruction {
	result, err := parser.Parse(strings.NewReader(text))
	if err != nil || len(result.AST.Children) != 1 {
		return nil
	}
	node := result.AST.Children[0]
	if _, err := instructions.ParseInstructionWithLinter(node, quiet); err != nil {
		return nil
	}
	described := describe(node)
	return &described
}

func describe(node *parser.Node) instruction {
	found := instruction{
		Keyword:  written(strings.ToUpper(node.Value)),
		Lines:    []int{},
		Flags:    []string{},
		JSON:     node.Attributes["json"],
		Words:    []string{},
		Heredocs: []heredoc{},
	}
	for _, flag := range node.Flags {
		found.Flags = append(found.Flags, written(flag))
	}
	for at, next := 0, node.Next; next != nil; at, next = at+1, next.Next {
		// What a health check or a trigger runs is looked at elsewhere; the third of a pair's nodes is its separator.
		switch {
		case found.Keyword == "HEALTHCHECK" || found.Keyword == "ONBUILD":
		case (found.Keyword == "ENV" || found.Keyword == "LABEL") && at%3 == 2:
		default:
			found.Words = append(found.Words, written(next.Value))
		}
	}
	for _, doc := range node.Heredocs {
		found.Heredocs = append(found.Heredocs, heredoc{written(doc.Name), written(doc.Content), doc.Expand, doc.Chomp})
	}
	return found
}

func expandWord(q question) (any, error) {
	variables := []string{}
	for name, value := range q.Values {
		variables = append(variables, name+"="+string(value))
	}
	text, _, err := shell.NewLex(rune(q.Escape[0])).ProcessWord(string(q.Text), shell.EnvsFromSlice(variables))
	return written(text), err
}
