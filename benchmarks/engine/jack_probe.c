/* Plays notes into MIDI ports at known frames, and keeps what audio ports hear, frame by frame.

   Usage: jack_probe SECONDS NAME...

   Registers an output keys:NAME and an input ear:NAME for each name, and prints "ready RATE PERIOD".
   Others may then connect the ports. Each line "FOLDER SECONDS" on standard input plays the
   schedule in FOLDER for that long and is answered by "xruns N late N": graph overruns that JACK
   told of, and events sent in a later period than asked. At the end of input it leaves.
   The keys and the ears are a client each, so that no graph of keys, synth and ears runs in a
   circle.

   FOLDER/schedule.txt holds lines "frame name-index status data1 data2" in order of frame, frames
   counted from the start. Written there: sent.txt, one line an event with the frame it was really
   sent at, and NAME.f32, what was heard from the start on, frame for frame, at most the SECONDS
   given to the program (0 keeps nothing).

   Build: cc -O2 -o jack_probe jack_probe.c -ljack
*/
#include <jack/jack.h>
#include <jack/midiport.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_NAMES 8

struct event {
    int64_t frame;
    int64_t sent_frame;
    int name;
    unsigned char bytes[3];
};

static jack_client_t *keys, *ear;
static jack_port_t *outs[MOST_NAMES], *ins[MOST_NAMES];
static float *heard[MOST_NAMES];
static struct event *events;
static int n_names, n_events, next_event, n_late;
static int64_t length_frames, most_frames;
static _Atomic int64_t start_frame = -1; /* JACK's frame time at which the schedule begins */
static _Atomic int is_over, n_xruns;

/* JACK counts frames in 32 bits; runs are far shorter than the 12 hours it takes to wrap. */
static int on_keys(jack_nframes_t n_frames, void *unused) {
    (void)unused;
    void *buffers[MOST_NAMES];
    for (int i = 0; i < n_names; i++) {
        buffers[i] = jack_port_get_buffer(outs[i], n_frames);
        jack_midi_clear_buffer(buffers[i]);
    }
    int64_t start = atomic_load(&start_frame);
    if (start < 0) return 0;
    int64_t now = (int64_t)jack_last_frame_time(keys) - start;
    while (next_event < n_events && events[next_event].frame < now + n_frames) {
        struct event *event = &events[next_event];
        int64_t offset = event->frame < now ? 0 : event->frame - now;
        size_t size = (event->bytes[0] & 0xE0) == 0xC0 ? 2 : 3; /* program change, pressure */
        if (jack_midi_event_write(buffers[event->name], (jack_nframes_t)offset, event->bytes, size))
            break; /* the buffer is full, as after a gap of seconds: the rest goes next time */
        event->sent_frame = now + offset;
        n_late += event->frame < now;
        next_event++;
    }
    return 0;
}

static int on_ear(jack_nframes_t n_frames, void *unused) {
    (void)unused;
    int64_t start = atomic_load(&start_frame);
    if (start < 0) return 0;
    int64_t now = (int64_t)jack_last_frame_time(ear) - start;
    if (now >= length_frames) {
        atomic_store(&is_over, 1);
        return 0;
    }
    int64_t end = length_frames < most_frames ? length_frames : most_frames;
    int64_t n = end - now < n_frames ? end - now : n_frames;
    for (int i = 0; i < n_names && now >= 0 && n > 0; i++) {
        memcpy(heard[i] + now, jack_port_get_buffer(ins[i], n_frames), (size_t)n * sizeof(float));
    }
    return 0;
}

static int on_xrun(void *unused) {
    (void)unused;
    if (atomic_load(&start_frame) >= 0) atomic_fetch_add(&n_xruns, 1);
    return 0;
}

static void on_shutdown(void *unused) {
    (void)unused;
    atomic_store(&is_over, 2);
}

static int fail(const char *what) {
    fprintf(stderr, "jack_probe: %s\n", what);
    return 1;
}

static int read_schedule(const char *folder) {
    char path[8192];
    snprintf(path, sizeof path, "%s/schedule.txt", folder);
    FILE *file = fopen(path, "r");
    if (!file) return fail("cannot read the schedule");
    static int room;
    long long frame;
    int name;
    unsigned status, data1, data2;
    n_events = next_event = 0;
    while (fscanf(file, "%lld %d %u %u %u", &frame, &name, &status, &data1, &data2) == 5) {
        if (n_events == room) {
            room = room ? 2 * room : 1024;
            events = realloc(events, (size_t)room * sizeof *events);
            if (!events) return fail("no memory");
        }
        if (name < 0 || name >= n_names) return fail("the schedule names a port that is not there");
        events[n_events++] = (struct event){frame, -1, name,
            {(unsigned char)status, (unsigned char)data1, (unsigned char)data2}};
    }
    fclose(file);
    return 0;
}

static int write_results(const char *folder, char **names) {
    char path[8192];
    int64_t n_kept = length_frames < most_frames ? length_frames : most_frames;
    for (int i = 0; i < n_names; i++) {
        snprintf(path, sizeof path, "%s/%s.f32", folder, names[i]);
        FILE *file = fopen(path, "wb");
        if (!file) return fail("cannot write what was heard");
        fwrite(heard[i], sizeof(float), (size_t)n_kept, file);
        fclose(file);
    }
    snprintf(path, sizeof path, "%s/sent.txt", folder);
    FILE *file = fopen(path, "w");
    if (!file) return fail("cannot write what was sent");
    for (int i = 0; i < n_events; i++)
        fprintf(file, "%lld %d %d %d %d\n", (long long)events[i].sent_frame, events[i].name,
                events[i].bytes[0], events[i].bytes[1], events[i].bytes[2]);
    fclose(file);
    return 0;
}

/* Play one schedule; the callbacks touch nothing of it while start_frame is below 0. */
static int play(const char *folder, double seconds, int64_t rate, char **names) {
    if (read_schedule(folder)) return 1;
    length_frames = (int64_t)(seconds * (double)rate);
    for (int i = 0; i < n_names; i++) memset(heard[i], 0, (size_t)most_frames * sizeof(float));
    n_late = 0;
    atomic_store(&n_xruns, 0);
    atomic_store(&is_over, 0);
    atomic_store(&start_frame, (int64_t)jack_frame_time(ear) + rate / 10);
    while (!atomic_load(&is_over)) usleep(10000);
    atomic_store(&start_frame, -1);
    usleep(100000);
    if (write_results(folder, names)) return 1;
    printf("xruns %d late %d\n", atomic_load(&n_xruns), n_late);
    fflush(stdout);
    return atomic_load(&is_over) == 2;
}

int main(int argc, char **argv) {
    if (argc < 3 || argc - 2 > MOST_NAMES) return fail("usage: jack_probe SECONDS NAME...");
    n_names = argc - 2;
    keys = jack_client_open("keys", JackNoStartServer, NULL);
    ear = jack_client_open("ear", JackNoStartServer, NULL);
    if (!keys || !ear) return fail("no JACK server");
    int64_t rate = jack_get_sample_rate(ear);
    most_frames = (int64_t)(atof(argv[1]) * (double)rate);
    for (int i = 0; i < n_names; i++) {
        heard[i] = malloc((size_t)most_frames * sizeof(float) + 1);
        if (!heard[i]) return fail("no memory");
        outs[i] = jack_port_register(keys, argv[2 + i], JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
        ins[i] = jack_port_register(ear, argv[2 + i], JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
        if (!outs[i] || !ins[i]) return fail("no port");
    }
    jack_set_process_callback(keys, on_keys, NULL);
    jack_set_process_callback(ear, on_ear, NULL);
    jack_set_xrun_callback(ear, on_xrun, NULL);
    jack_on_shutdown(ear, on_shutdown, NULL);
    if (jack_activate(keys) || jack_activate(ear)) return fail("cannot start");
    printf("ready %lld %d\n", (long long)rate, (int)jack_get_buffer_size(ear));
    fflush(stdout);
    char line[4096], folder[4096];
    double seconds;
    int status = 0;
    while (!status && fgets(line, sizeof line, stdin))
        if (sscanf(line, "%4095s %lf", folder, &seconds) == 2)
            status = play(folder, seconds, rate, argv + 2);
    jack_deactivate(keys);
    jack_deactivate(ear);
    jack_client_close(keys);
    jack_client_close(ear);
    return status;
}
