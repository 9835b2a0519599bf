#!/usr/bin/env bash
# Makes internal/app/demo/clip.flv, the picture and sound of the demo channel.
#
# The clip is 24 s long: 720 pictures at 30 a second in 12 closed groups of
# 2 s, and 1125 AAC frames of 1024 samples at 48 kHz. Both come out even, and
# everything that moves or sounds has a period that divides 24 s. So the clip
# can be repeated on one continuous timeline with neither a gap nor a click.
# The clock in the picture runs over the loop.
set -euo pipefail
cd "$(dirname "$0")/.."

for tool in ffmpeg fc-match; do
  command -v "$tool" >/dev/null || { echo "demo-clip: install $tool" >&2; exit 1; }
done
font() { fc-match -f '%{file}' "$1"; }
light=$(font 'DejaVu Sans:extralight')
plain=$(font 'DejaVu Sans:book')

loop=24
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ff() { ffmpeg -hide_banner -nostdin -loglevel error -y "$@"; }

# The ground lies still, so that it costs next to nothing and can be fine:
# three soft glows, three thin rings, the name.
glow() { # x y radius strength
  echo "$4*pow(max(0,1-hypot(X-$1,Y-$2)/$3),2)"
}
sum() { # a colour's base, then the three glows' parts of it
  echo "$1+$(glow 300 250 520 "$2")+$(glow 930 300 480 "$3")+$(glow 690 690 420 "$4")"
}
ring() { # radius strength
  echo "$2*clip(1.5-abs(hypot(X-640,Y-360)-$1),0,1)"
}
rings="$(ring 252 62)+$(ring 212 26)+$(ring 284 20)"
ff -f lavfi -i "color=c=black:s=1280x720,format=gbrp,geq=r='$(sum 13 34 44 8)+$rings':g='$(sum 15 46 26 44)+$rings':b='$(sum 20 88 78 42)+$rings',
drawtext=fontfile=$plain:text='Rostrum':fontsize=30:fontcolor=0xf1f3f7:x=92:y=48,
drawtext=fontfile=$plain:text='Demo':fontsize=22:fontcolor=0xa2a9b8:x=w-tw-56:y=52,
drawbox=x=56:y=664:w=1168:h=2:color=0x2b3140:t=fill" -frames:v 1 -update 1 "$work/ground.png"

# What moves: a dot goes round once a group of pictures, two others in 6 and
# 12 s, the clock counts seconds and pictures, the line at the foot fills once
# a loop.
disc() { # name size red green blue strength
  ff -f lavfi -i "color=c=black:s=$2x$2,format=rgba,geq=r=$3:g=$4:b=$5:a='$6*clip($2/2-1-hypot(X-$2/2+0.5,Y-$2/2+0.5),0,1)'" \
    -frames:v 1 -update 1 "$work/$1.png"
}
disc white 30 241 243 247 255
disc blue 20 124 156 255 255
disc teal 16 76 195 138 220
disc tally 22 255 77 66 255

turn='2*PI*t'
around() { # size radius seconds
  echo "x='640-$1/2+$2*sin($turn/$3)':y='360-$1/2-$2*cos($turn/$3)'"
}
scene="
[0:v]format=gbrp[ground];
[ground][1:v]overlay=format=gbrp:$(around 30 252 2)[a];
[a][2:v]overlay=format=gbrp:$(around 20 284 6)[b];
[b][3:v]overlay=format=gbrp:$(around 16 212 12)[c];
[c][4:v]overlay=format=gbrp:x=56:y=52[d];
[d]drawtext=fontfile=$light:text='%{eif\:floor(n/1800)\:d\:2}\:%{eif\:mod(floor(n/30)\,60)\:d\:2}':fontsize=116:fontcolor=0xf1f3f7:x=(w-tw)/2:y=288,
drawtext=fontfile=$plain:text='%{eif\:mod(n\,30)\:d\:2}':fontsize=34:fontcolor=0x7c9cff:x=(w-tw)/2:y=420[e];
[5:v]format=gbrp[bar];
[e][bar]overlay=format=gbrp:x='56-1168+1168*mod(t\,24)/24':y=664:eval=frame[f];
[f]drawbox=x=0:y=660:w=56:h=10:color=0x0d0f14:t=fill,format=yuv420p[v]"

ff -loop 1 -framerate 30 -i "$work/ground.png" \
  -i "$work/white.png" -i "$work/blue.png" -i "$work/teal.png" -i "$work/tally.png" \
  -f lavfi -i "color=c=0x7c9cff:s=1168x2:r=30" \
  -filter_complex "$scene" -map '[v]' -frames:v $((loop * 30)) \
  -c:v libx264 -preset slower -profile:v high -crf "${CRF:-27}" -maxrate 600k -bufsize 1200k \
  -g 60 -keyint_min 60 -sc_threshold 0 -bf 0 -aq-mode 3 -colorspace bt709 -color_primaries bt709 -color_trc bt709 \
  -bsf:v 'filter_units=remove_types=6' "$work/picture.mp4"

# The sound: twelve soft notes, one each 2 s, over a low fifth. The chord's
# frequencies are whole numbers of cycles a loop. Three loops are coded and the middle
# one is kept, so that its first frame overlaps with what its last one leaves.
notes=(293.66 349.23 440.00 523.25 440.00 349.23 261.63 329.63 392.00 523.25 392.00 329.63)
pick=${notes[11]}
for i in 10 9 8 7 6 5 4 3 2 1 0; do pick="if(lt(mod(t,24),$((2 * i + 2))),${notes[i]},$pick)"; done
note="(sin(2*PI*st(1,$pick)*st(0,mod(t,2)))+0.25*sin(4*PI*ld(1)*ld(0)))*exp(-2.2*ld(0))*min(1,ld(0)/0.03)*min(1,(2-ld(0))/0.08)"
pad="(sin(2*PI*110*t)+0.7*sin(2*PI*165*t))*(0.8+0.2*sin(2*PI*t/8))"
ff -f lavfi -i "aevalsrc=exprs='0.11*$note+0.018*$pad|0.09*$note+0.022*$pad':s=48000:d=$((3 * loop))" \
  -c:a aac -b:a 72k -f segment -segment_times "$loop,$((2 * loop))" -segment_format adts "$work/sound%d.aac"

out=internal/app/demo/clip.flv
mkdir -p "$(dirname "$out")"
ff -i "$work/picture.mp4" -i "$work/sound1.aac" -map 0:v -map 1:a -c copy -map_metadata -1 -fflags +bitexact \
  -flvflags no_duration_filesize "$out"

# What the loop stands on.
count() { ffprobe -loglevel error -select_streams "$1" -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$out" | tr -d ,; }
[[ $(count v:0) == 720 && $(count a:0) == 1125 ]] || { echo "demo-clip: $(count v:0) pictures and $(count a:0) audio frames, not 720 and 1125" >&2; exit 1; }
size=$(stat -c %s "$out")
[[ $size -le $((700 * 1000)) ]] || { echo "demo-clip: $size bytes are over 700 kB" >&2; exit 1; }
echo "$out: $size bytes"
