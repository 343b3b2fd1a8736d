package main

import (
	"context"
	"encoding/json"
	"sort"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// What an image in a registry passes on to the images built on it.
type image struct {
	Env     []string
	OnBuild []string
}

type needs struct {
	Images  []string `json:"images"`
	Sources []string `json:"sources"`
}

type registry map[string]image

func (r registry) ResolveImageConfig(_ context.Context, reference string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	config := map[string]any{
		"architecture": "amd64",
		"os":           "linux",
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{digest.FromString("").String()}},
		"config":       map[string]any{"Env": r[reference].Env, "OnBuild": r[reference].OnBuild},
	}
	text, err := json.Marshal(config)
	return reference, "", text, err
}

// The images and the paths of the build context that building a target takes from outside.
func build(q question) (any, error) {
	arguments := map[string]string{}
	for name, value := range q.Values {
		arguments[name] = string(value)
	}
	capabilities := pb.Caps.CapSet(pb.Caps.All())
	result, err := dockerfile2llb.Dockerfile2LLB(context.Background(), q.Text, dockerfile2llb.ConvertOpt{
		MetaResolver:   registry(q.Images),
		TargetPlatform: &ocispecs.Platform{OS: "linux", Architecture: "amd64"},
		LLBCaps:        &capabilities,
		Config:         dockerui.Config{BuildArgs: arguments, Target: q.Target},
	})
	if err != nil {
		return nil, err
	}
	definition, err := result.State.Marshal(context.Background(), llb.LinuxAmd64)
	if err != nil {
		return nil, err
	}
	images, sources := map[string]bool{}, map[string]bool{}
	for _, data := range definition.Def {
		var operation pb.Op
		if err := operation.UnmarshalVT(data); err != nil {
			return nil, err
		}
		source := operation.GetSource()
		if name, ok := strings.CutPrefix(source.GetIdentifier(), "docker-image://"); ok {
			images[name] = true
		}
		if strings.HasPrefix(source.GetIdentifier(), "local://") {
			paths := []string{"."}
			if followed := source.Attrs[pb.AttrFollowPaths]; followed != "" {
				if err := json.Unmarshal([]byte(followed), &paths); err != nil {
					return nil, err
				}
			}
			for _, path := range paths {
				sources[path] = true
			}
		}
	}
	return needs{sorted(images), sorted(sources)}, nil
}

func sorted(set map[string]bool) []string {
	members := []string{}
	for member := range set {
		members = append(members, written(member))
	}
	sort.Strings(members)
	return members
}
