/* The engine's way from key to sound, in C: the least it could take.

   Usage: jack_peer

   As in the engine, one JACK client takes MIDI in and another one plays, and a queue without locks
   is between them; a note-on starts a decaying square wave at the start of the next block. Ports:
   peer_midi:in and peer_audio:out. Prints "ready" and runs until standard input ends.

   Build: cc -O2 -o jack_peer jack_peer.c -ljack
*/
#include <jack/jack.h>
#include <jack/midiport.h>
#include <stdatomic.h>
#include <stdio.h>

#define N_WAITING 256

static jack_port_t *in, *out;
static unsigned char waiting[N_WAITING][3];
static _Atomic unsigned n_put, n_taken;
static float level, decay = 0.9995f;
static unsigned place, is_held;

static int on_midi(jack_nframes_t n_frames, void *unused) {
    (void)unused;
    void *buffer = jack_port_get_buffer(in, n_frames);
    for (unsigned i = 0; i < jack_midi_get_event_count(buffer); i++) {
        jack_midi_event_t event;
        unsigned put = atomic_load(&n_put);
        if (jack_midi_event_get(&event, buffer, i) || event.size != 3) continue;
        if (put - atomic_load(&n_taken) >= N_WAITING) continue;
        for (int byte = 0; byte < 3; byte++) waiting[put % N_WAITING][byte] = event.buffer[byte];
        atomic_store(&n_put, put + 1);
    }
    return 0;
}

static int on_audio(jack_nframes_t n_frames, void *unused) {
    (void)unused;
    float *buffer = jack_port_get_buffer(out, n_frames);
    for (; atomic_load(&n_taken) != atomic_load(&n_put); atomic_fetch_add(&n_taken, 1)) {
        unsigned char *bytes = waiting[atomic_load(&n_taken) % N_WAITING];
        is_held = (bytes[0] & 0xF0) == 0x90 && bytes[2] > 0;
        if (is_held) {
            level = 0.3f;
            place = 0;
        }
    }
    for (jack_nframes_t i = 0; i < n_frames; i++, place++) {
        buffer[i] = place / 50 % 2 ? -level : level;
        level *= is_held ? decay : 0.98f;
        if (level < 1e-6f) level = 0;
    }
    return 0;
}

int main(void) {
    jack_client_t *midi = jack_client_open("peer_midi", JackNoStartServer, NULL);
    jack_client_t *audio = jack_client_open("peer_audio", JackNoStartServer, NULL);
    if (!midi || !audio) return 1;
    in = jack_port_register(midi, "in", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
    out = jack_port_register(audio, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
    jack_set_process_callback(midi, on_midi, NULL);
    jack_set_process_callback(audio, on_audio, NULL);
    if (!in || !out || jack_activate(midi) || jack_activate(audio)) return 1;
    printf("ready\n");
    fflush(stdout);
    while (getchar() != EOF) {
    }
    jack_deactivate(midi);
    jack_deactivate(audio);
    jack_client_close(midi);
    jack_client_close(audio);
    return 0;
}
