#pragma once
// client/c/tariffd.h - The client for C and everything that can call C: types for every message,
// resume and reconnect, by socket or from shared memory. Link libtariffd_client. ABI: what the
// library hands out is its own and only ever grows at the end; options carry their size. Thread:
// one per client.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TARIFFD_API __attribute__((visibility("default")))

/** What a message is: `type` of tariffd_message. The first seven are the daemon's. */
enum tariffd_type {
  TARIFFD_EVENT = 1,
  TARIFFD_SIGNAL = 2,
  TARIFFD_RETRACT = 3,
  TARIFFD_STATUS = 4,
  TARIFFD_HEARTBEAT = 5,
  TARIFFD_GAP = 6,
  TARIFFD_STALE = 100, /**< Made by the client: nothing was heard for stale_after_ms. */
  TARIFFD_FAILED = 101 /**< Made by the client: refused or malformed. Told again by each call. */
};

/* Words (action, net, reason, ...) are the strings of docs/formats/signal-json.md; "?" is one that
 * is newer than this library. Strings end with a zero, and are never NULL unless it is said.
 * Numbers that are not known are NaN. Everything is valid until the next call for the same client.
 */

typedef struct tariffd_fact {
  const char* action;
  const char* measure;
  const char* attribution;
  const char* speaker; /**< NULL if nobody is named. */
  const char* rule;
  const char* const* actors;
  size_t actors_count;
  const char* const* targets;
  size_t targets_count;
  const char* const* products; /**< None: all goods. */
  size_t products_count;
  double rate_pct;
  double confidence;
  int32_t effective_yyyymmdd; /**< 0 if none. */
  int32_t denied;             /**< 0 or 1, as retaliation. */
  int32_t retaliation;
} tariffd_fact;

typedef struct tariffd_event {
  uint64_t event_id;
  uint32_t revision;
  uint32_t origins;
  const char* net;
  const char* novelty;
  const char* feed;
  const char* source;
  const char* item_id;
  const char* text; /**< UTF-8. */
  double confidence;
  double trust;
  int64_t updated_ns;
  int32_t truncated; /**< 0 or 1, as unscored. */
  int32_t unscored;
  const tariffd_fact* const* facts; /**< Pointers, since a fact may grow. */
  size_t facts_count;
  uint32_t marks; /**< Bits of enum tariffd_mark. */
} tariffd_event;

/** Why an event brings no signal, or not yet. */
enum tariffd_mark {
  TARIFFD_STALE_NEWS = 4, /**< Older than the limit. */
  TARIFFD_CLAMPED = 8,    /**< A stamp of the source could not be true; signals go out. */
  TARIFFD_TEST = 16,
  TARIFFD_EMBARGO = 32,
  TARIFFD_REPEAT = 64,   /**< Marked as a repeat by who sent it. */
  TARIFFD_WAITING = 128, /**< Signals wait for a second origin. */
};

typedef struct tariffd_signal {
  uint64_t event_id;
  uint32_t revision;
  int32_t direction; /**< 1 should rise, -1 should fall. */
  const char* instrument;
  const char* exposure;
  double score; /**< -1..1 */
  double confidence;
  double bid;
  double ask;
  double mid;
  double spread;
  int64_t quote_age_ns; /**< -1 if there is no quote. */
  double move_1s_bps;
  double move_5s_bps;
  double move_60s_bps;
  int32_t replaces; /**< 1: takes the place of the event's signal for this instrument: move to it,
                         do not add to it; else 0. */
} tariffd_signal;

typedef struct tariffd_retract {
  uint64_t event_id;
  uint64_t supersedes_seq;
  uint32_t revision;
  uint32_t reserved;
  const char* reason;
  const char* instrument; /**< NULL: the event itself. */
  double mid_then;
  double mid_now;
} tariffd_retract;

typedef struct tariffd_status {
  const char* kind;
  const char* state; /**< NULL unless kind is "feed", as feed. */
  const char* feed;
  const char* text;
} tariffd_status;

typedef struct tariffd_message {
  int32_t type; /**< enum tariffd_type; skip one that you do not know. */
  uint32_t session;
  uint64_t seq; /**< +1 per published message; 0 for HEARTBEAT, GAP, STALE and FAILED. */
  int64_t source_ns;
  int64_t received_ns;
  int64_t latency_ns;
  const tariffd_event* event; /**< The one of `type` is set, the others are NULL. */
  const tariffd_signal* signal;
  const tariffd_retract* retract;
  const tariffd_status* status;
  uint64_t last_seq; /**< HEARTBEAT */
  uint64_t from_seq; /**< GAP: lost, both ends included. */
  uint64_t to_seq;
  const char* reason; /**< STALE and FAILED, for a person; else NULL. */
} tariffd_message;

/** Begin with TARIFFD_OPTIONS_INIT. What is zero or NULL has its default. */
typedef struct tariffd_options {
  size_t struct_bytes;
  const char* socket_path;       /**< /run/tariffd/signals.sock */
  const char* journal_directory; /**< Set: records are read from there, in shared memory. */
  int64_t from_seq;              /**< -1: from now on; 0: the oldest there is. */
  const char* const* messages;   /**< Of "event", "signal", "retract", "status"; NULL: all. */
  size_t messages_count;
  const char* const* instruments; /**< NULL: all. */
  size_t instruments_count;
  double min_abs_score; /**< 0..1 */
  uint32_t reconnect_min_ms;
  uint32_t reconnect_max_ms;
  uint32_t stale_after_ms;
  uint32_t nap_us; /**< Shared memory: sleep between two looks; 0 spins. */
} tariffd_options;
#define TARIFFD_OPTIONS_INIT \
  { sizeof(tariffd_options), NULL, NULL, -1, NULL, 0, NULL, 0, 0, 0, 0, 0, 0 }

typedef struct tariffd_client tariffd_client;

/** NULL: no memory, or `struct_bytes` is not set. Connects at the first call. */
TARIFFD_API tariffd_client* tariffd_open(const tariffd_options* options);
/** The next message, waiting at most `timeout_ms` (0: not at all). NULL: none came. */
TARIFFD_API const tariffd_message* tariffd_next(tariffd_client* client, uint32_t timeout_ms);
/** For event loops: readable when tariffd_next(client, 0) has something to do; call it until NULL.
 * -1 with shared memory, which has to be polled. */
TARIFFD_API int tariffd_fd(const tariffd_client* client);
/** One more than the number of the last message handed out; 0 as long as nothing is known. */
TARIFFD_API uint64_t tariffd_next_seq(const tariffd_client* client);
TARIFFD_API void tariffd_close(tariffd_client* client);

#ifdef __cplusplus
}
#endif
