package ir

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/texel"
)

// textureText has one of every operation on textures.
const textureText = `kernel "k" {
	texture #0 "in" index 3 "2d_array float depth read sample"
	texture #1 "out" index 0 "3d int write"
	texture #2 "counts" index 1 "buffer uint read write"
	sampler #0 "s" index 2
	sampler #1 "own" index 0 state "mag=linear min=nearest mip=linear s=repeat t=clamp_to_zero r=clamp_to_edge border=opaque_white coord=normalized compare=less reduction=weighted_average lod=0.5:4 aniso=8 bias=0"
	%1 = texture #0
	%2 = texture #1
	%3 = texture #2
	%4 = sampler #0
	%5 = sampler #1
	%6 = const i32 0x1 ; 1
	%7 = const f32 0x3f000000 ; 0.5
	%8 = tex.query layers %1, %6
	%9, %10, %11, %12 = tex.read f16 "2d_array level" %1, %6, %6, %6, %6 -> f16, f16, f16, f16
	%13, %14, %15, %16 = tex.sample f32 "2d_array gradient minlod compare offset" %1, %4, %7, %7, %6, %7, %7, %7, %7, %7, %7, %6, %6 -> f32, f32, f32, f32
	%17, %18, %19, %20 = tex.gather f32 "2d_array w" %1, %5, %7, %7, %6 -> f32, f32, f32, f32
	tex.write i32 "3d" %2, %6, %6, %6, %6, %6, %6, %6
	%21 = tex.load i32 "buffer" %3, %6 -> i32
	tex.store i32 "buffer" %3, %6, %21
	%22 = tex.rmw i32 umax "buffer" %3, %6, %21 -> i32
	%23 = tex.cas i32 "buffer" %3, %6, %21, %22 -> i32
	yield
}
`

func TestTextureText(t *testing.T) {
	f, err := Parse(textureText)
	require.NoError(t, err)
	require.NoError(t, Verify(f))
	require.Equal(t, textureText, f.String())
	require.Equal(t, Texture{Name: "in", Index: 3, Type: texel.Type2DArray, Class: texel.ClassFloat, Depth: true, Read: true, Sample: true}, f.Textures[0])
	require.Equal(t, texel.Repeat, f.Samplers[1].State.S)
}

func TestWrongTextures(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"%2 = texture #1", "%2 = texture #7", "#7 is no texture of the function"},
		{"%5 = sampler #1", "%5 = sampler #2", "#2 is no sampler of the function"},
		{"\"2d_array level\" %1, %6, %6, %6, %6", "\"2d_array\" %1, %6, %6, %6, %6", "5 arguments, want 4"},
		{"\"2d_array level\" %1, %6", "\"2d_array level\" %1, %7", "argument 1 has type f32, want i32"},
		{"\"2d_array level\" %1", "\"2d_array level offset\" %1", "operands it does not take"},
		{"tex.gather f32 \"2d_array w\"", "tex.gather f32 \"buffer w\"", "cannot sample a texture of type buffer"},
		{"tex.read f16", "tex.read i64", "cannot have type i64"},
		{"tex.load i32", "tex.load f32", "cannot have type f32"},
		{"tex.query layers %1, %6", "tex.query layers %6, %6", "argument 0 has type i32, want i64"},
	} {
		f, err := Parse(strings.Replace(textureText, c.from, c.to, 1))
		require.NoError(t, err, c.from)
		require.ErrorContains(t, Verify(f), c.want)
	}
	for _, c := range []struct{ from, to, want string }{
		{"\"3d int write\"", "\"4d int write\"", "no texture type"},
		{"\"3d int write\"", "\"3d complex\"", "unknown word \"complex\" of a texture"},
		{"mag=linear", "mag=cubic", "bad sampler state"},
		{"\"2d_array w\"", "\"2d_array q\"", "unknown word \"q\""},
		{"tex.query layers", "tex.query colour", "unknown query"},
	} {
		_, err := Parse(strings.Replace(textureText, c.from, c.to, 1))
		require.ErrorContains(t, err, c.want)
	}
}
