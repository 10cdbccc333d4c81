/// One line of `events.jsonl`: something that happened during a run.
///
/// Times are nanoseconds on one monotonic clock, counted from the start of the run, and taken by the bed alone.
/// A trace holds everything the judge needs, scenario and scheme included, so that an old one can be judged again.
package struct TraceEvent: Sendable, Codable, Hashable {
    /// The event's number in the trace, from 1, without gaps: a gap means that a line was lost.
    package var n: Int
    /// When the line was written.
    package var at: Int64
    /// The cell it belongs to, `SCENARIO@SCHEME`; nil for what concerns the run as a whole.
    package var cell: String?

    // Exactly one of these is set.
    package var run: RunStarted?
    package var cellStarted: CellStarted?
    package var process: ProcessEvent?
    package var step: StepEvent?
    package var call: CallEvent?
    package var fact: FactEvent?
    package var notOffered: NotOffered?
    package var fault: BedFault?
    package var cellEnded: CellEnded?
    package var runEnded: RunEnded?

    package init(n: Int, at: Int64, cell: String?) {
        self.n = n
        self.at = at
        self.cell = cell
    }
}

/// The first line of a trace.
package struct RunStarted: Sendable, Codable, Hashable {
    /// The trace format's version; a reader refuses others.
    package static let currentFormat = 2

    package var format: Int
    package var authbed: String
    /// Wall-clock time, RFC 3339.
    package var startedAt: String
    package var era: String
    package var commandLine: [String]
    package var machine: String
    /// The subject in each role, by name; `server: defective server/ignores-exp` for a defective one.
    package var subjects: [String: String]
    /// The part of the whole that was played, such as `2/4`; nil for the whole.
    package var shard: String?
    /// The role that is looked at; nil where all are. What is required of others is not judged then.
    package var role: String?
    /// The profile whose frozen set counts, and its checks; nil where everything does.
    package var profile: String?
    package var checks: [String]?
    /// The schemes that the subject does not offer, and in which it was not asked anything.
    package var notOffered: [String]?

    package init(
        authbed: String, startedAt: String, era: String, commandLine: [String], machine: String, subjects: [String: String],
        shard: String? = nil, role: String? = nil, profile: String? = nil, checks: [String]? = nil,
        notOffered: [String]? = nil
    ) {
        format = Self.currentFormat
        self.shard = shard
        self.role = role
        self.profile = profile
        self.checks = checks
        self.notOffered = notOffered
        self.authbed = authbed
        self.startedAt = startedAt
        self.era = era
        self.commandLine = commandLine
        self.machine = machine
        self.subjects = subjects
    }
}

/// A scenario begins in one scheme. Scenario and scheme are the files' content as JSON text.
package struct CellStarted: Sendable, Codable, Hashable {
    package var scenario: String
    package var scheme: String
    package var scenarioJSON: String
    package var schemeJSON: String

    package init(scenario: String, scheme: String, scenarioJSON: String, schemeJSON: String) {
        self.scenario = scenario
        self.scheme = scheme
        self.scenarioJSON = scenarioJSON
        self.schemeJSON = schemeJSON
    }
}

package struct ProcessEvent: Sendable, Codable, Hashable {
    package enum Phase: String, Sendable, Codable { case ready, ended }

    package var phase: Phase
    /// `server`, `issuer`, `client`.
    package var role: String
    package var pid: Int
    /// Nanoseconds from start to ready line.
    package var readyAfter: Int64?
    /// `exited 0`, `killed by signal 9`.
    package var status: String?
    /// Whether the bed asked it to end.
    package var expected: Bool?
    package var lastLines: [String]?

    package init(phase: Phase, role: String, pid: Int) {
        self.phase = phase
        self.role = role
        self.pid = pid
    }
}

/// One step of a story, or one case of a battery, from begin to end. A step with a label is an instant: its end.
package struct StepEvent: Sendable, Codable, Hashable {
    package var index: Int
    package var verb: String
    package var say: String?
    package var label: String?
    package var begin: Int64
    package var end: Int64
    /// How far the subjects' clock was ahead of the bed's at the end, in seconds.
    package var clock: Double
    /// The values of `X-Request-Id` in all answers that it brought, in order, where more was asked than is told of as calls.
    package var requests: [String]?

    package init(index: Int, verb: String, say: String?, label: String?, begin: Int64, end: Int64, clock: Double) {
        self.index = index
        self.verb = verb
        self.say = say
        self.label = label
        self.begin = begin
        self.end = end
        self.clock = clock
    }
}

/// One attempt to use a credential, and what came of it.
package struct CallEvent: Sendable, Codable, Hashable {
    /// What the face of a dropped call begins with whose time was up.
    package static let noAnswerInTime = "no answer in time"

    package enum Outcome: String, Sendable, Codable {
        case accepted
        /// The subject said no: an HTTP status, a TLS alert, or a connection it closed during or after the handshake.
        case refused
        /// No answer, for a reason that is not a refusal: a time-out, a connection never made.
        case dropped
    }
    package enum ReasonSource: String, Sendable, Codable { case audit, challenge, alert, status }

    /// The label of the step that made it: the set of calls it belongs to.
    package var set: String
    package var ordinal: Int
    package var credential: String
    /// True for the accepted call beside the refused one.
    package var twin: Bool
    /// `new-connection`, `kept`, `resumed-session`, `replica`, `plaintext`, `replayed`.
    package var channel: String
    package var tool: String
    package var begin: Int64
    package var end: Int64
    /// How far the subjects' clock was ahead of the bed's, in seconds.
    package var clock: Double
    package var outcome: Outcome
    package var status: Int?
    package var reason: String?
    package var reasonSource: ReasonSource?
    /// The error code in an issuer's answer (RFC 6749 section 5.2).
    package var error: String?
    /// What is wrong with an answer that was no refusal, as the bed found by a closer look; nil for nothing.
    package var amiss: String?
    /// How the refusal looked: `HTTP 401`, `alert certificate_expired`, `closed`, `reset`; of a dropped call, what went wrong.
    package var face: String?
    package var challenge: String?
    package var newConnection: Bool
    package var resumed: Bool
    /// The version of TLS it was made over, such as `TLSv1.3`; nil without TLS, and in older traces.
    package var tls: String?
    /// Whether the server showed the certificate that it was last given; nil where that was not replaced.
    package var newestCertificate: Bool?
    /// Request and answer as text with every secret redacted; kept for the first calls of a set and each change of outcome.
    package var sent: String?
    package var received: String?
    /// The one thing that differs from the twin, such as `claims.exp`.
    package var bent: String?
    /// The answer's fields by name in lower case, with every secret redacted; kept for bent calls.
    package var fields: [String: String]?
    /// How the subject's records know it, where `fields` does not say: the answer's `X-Request-Id`, or, for a connection that came
    /// to no request, the address of the bed's end, such as `127.0.0.1:54321`.
    package var request: String?
    /// What of the credential, or of the machine, the answer to a bent call repeats; nil for nothing.
    package var echoed: String?
    /// A digest of the answer to a bent call without identifiers and times: equal answers have equal ones.
    package var fingerprint: String?

    package init(
        set: String, ordinal: Int, credential: String, twin: Bool, channel: String, tool: String, begin: Int64, end: Int64,
        clock: Double, outcome: Outcome, newConnection: Bool, resumed: Bool
    ) {
        self.set = set
        self.ordinal = ordinal
        self.credential = credential
        self.twin = twin
        self.channel = channel
        self.tool = tool
        self.begin = begin
        self.end = end
        self.clock = clock
        self.outcome = outcome
        self.newConnection = newConnection
        self.resumed = resumed
    }
}

/// A number or a word the bed found out: a credential's expiry, the canary's counter, requests for tokens, bytes captured.
package struct FactEvent: Sendable, Codable, Hashable {
    /// Such as `alice.expiry` (seconds after the run's start on the subjects' clock), `canary.writes`, `commands`.
    package var name: String
    package var value: Double
    package var unit: String
    package var text: String?

    package init(name: String, value: Double, unit: String, text: String? = nil) {
        self.name = name
        self.value = value
        self.unit = unit
        self.text = text
    }
}

/// A verb that the scheme or the subject does not have, and why that is right.
package struct NotOffered: Sendable, Codable, Hashable {
    /// `scenario` where nothing of it applies, `check` where one rule does not.
    package var verb: String
    package var why: String
    /// The verb of what is about the scenario as a whole.
    package static let scenario = "scenario"
    /// The verb of a scenario that was not played because the subject had failed before, at first contact.
    package static let firstContact = "first-contact"
    /// The check that cannot be decided, where it is about one.
    package var check: String?

    package init(verb: String, why: String, check: String? = nil) {
        self.verb = verb
        self.why = why
        self.check = check
    }
}

/// The bed's own fault, or a subject that did not start, died, hung or talked rubbish: the cell reads `error`.
package struct BedFault: Sendable, Codable, Hashable {
    package var message: String
    package var lastLines: [String]

    package init(message: String, lastLines: [String] = []) {
        self.message = message
        self.lastLines = lastLines
    }
}

package struct CellEnded: Sendable, Codable, Hashable {
    /// False when the cell was cut short by a fault.
    package var complete: Bool

    package init(complete: Bool) { self.complete = complete }
}

/// The last line of a trace that was not cut short.
package struct RunEnded: Sendable, Codable, Hashable {
    package var cells: Int
    /// True when the run was asked to stop early.
    package var interrupted: Bool
    /// Requests that the bed sent; those of clients under test are their own.
    package var requests: Int?
    /// Processes that the bed started: subjects, their administration commands, and its own helpers.
    package var processes: Int?

    package init(cells: Int, interrupted: Bool, requests: Int? = nil, processes: Int? = nil) {
        self.cells = cells
        self.interrupted = interrupted
        self.requests = requests
        self.processes = processes
    }
}
