#pragma once
// signals/reading/explain.h - Readings for people and tools: the line that `tariffd classify`
// prints, and the account that `tariffd explain` gives. Thread: any. Cold.

#include <string>
#include <string_view>

#include "signals/reading/reader.h"
#include "signals/reading/trace.h"

namespace tariff {

/// One NDJSON line without the newline: `id`, `net`, `events` (fields as in
/// docs/reading/event-model.md) and `confidence`.
[[nodiscard]] std::string classify_json(std::string_view id, const Reading& reading);

/// A screenful for a person: the folded text, spans and their concepts, clauses, the rules that
/// fired and those that were stopped, and the events.
[[nodiscard]] std::string explain_text(const Trace& trace, const Reading& reading);

/// The same as one JSON object on one line.
[[nodiscard]] std::string explain_json(const Trace& trace, const Reading& reading);

}  // namespace tariff
