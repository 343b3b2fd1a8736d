package main

import (
	"bytes"
	"path/filepath"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

type ignored struct {
	Docker bool `json:"docker"`
	Kaniko bool `json:"kaniko"`
}

func readIgnoreFile(q question) (any, error) {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(q.Text))
	if err != nil {
		return nil, err
	}
	found := ignored{}
	// A pattern compiles when it is first tried, an exception only where something is ignored.
	for _, pattern := range patterns {
		if _, err := patternmatcher.Matches("x", []string{pattern}); err != nil {
			return nil, err
		}
		if _, err := patternmatcher.Matches("x", []string{"*", pattern}); err != nil {
			return nil, err
		}
	}
	if found.Docker, err = patternmatcher.MatchesOrParentMatches(string(q.Path), patterns); err != nil {
		return nil, err
	}
	//nolint:staticcheck // Kaniko calls the deprecated one, whose answers differ.
	if found.Kaniko, err = patternmatcher.Matches(string(q.Path), patterns); err != nil {
		return nil, err
	}
	return found, nil
}

type matched struct {
	Match   string `json:"match"`
	Selects bool   `json:"selects"`
}

// Kaniko's ResolveSources: what a source names or matches, and all below it.
func matchSource(q question) (any, error) {
	pattern, path := string(q.Text), string(q.Path)
	found := matched{Match: "no"}
	if match, err := filepath.Match(pattern, path); err != nil {
		found.Match = "malformed"
	} else if match {
		found.Match = "yes"
	}
	source := strings.TrimPrefix(filepath.Clean("/"+pattern), "/")
	found.Selects = source == ""
	for above := filepath.Clean(path); above != "."; above = filepath.Dir(above) {
		match, err := filepath.Match(source, above)
		found.Selects = found.Selects || above == source || (match && err == nil)
	}
	return found, nil
}
