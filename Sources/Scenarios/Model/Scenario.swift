/// One phenomenon, as its file describes it: a story told in steps, or a battery of single faults.
package struct Scenario: Sendable, Codable, Hashable {
    /// The file's path below `scenarios/`, without its extension.
    package var id: String
    package var title: String
    package var teaches: String
    package var schemes: [String]
    package var world: World
    /// The revision of MCP that it is about; nil where it is the same in both eras.
    package var era: String?
    /// The version of TLS that is spoken: `1.2` or `1.3`; nil for the newest that both sides have.
    package var tls: String?
    /// True when it measures time, so that nothing else may run beside it.
    package var timed: Bool
    /// True when it moves the subjects' clock, so that they must be started under one that can be moved.
    package var movesClock: Bool
    /// What the server under test is told beyond its scheme; nil for nothing.
    package var server: ServerSettings?
    /// The same for the issuer under test.
    package var issuer: IssuerSettings?
    /// The profile of the PKI manifest that the cell's certificates are of; nil for `standard`.
    package var pki: String?
    package var steps: [Step]
    package var expect: [Expectation]
    package var measures: [Measure]
    /// Set for a battery.
    package var battery: Battery?

    package init(
        id: String, title: String, teaches: String, schemes: [String], world: World, era: String? = nil, tls: String? = nil, timed: Bool,
        movesClock: Bool, server: ServerSettings? = nil, issuer: IssuerSettings? = nil, pki: String? = nil, steps: [Step],
        expect: [Expectation], measures: [Measure], battery: Battery?
    ) {
        self.id = id
        self.title = title
        self.teaches = teaches
        self.schemes = schemes
        self.world = world
        self.era = era
        self.tls = tls
        self.timed = timed
        self.movesClock = movesClock
        self.server = server
        self.issuer = issuer
        self.pki = pki
        self.steps = steps
        self.expect = expect
        self.measures = measures
        self.battery = battery
    }

    package enum World: String, Sendable, Codable, CaseIterable {
        /// Server, issuer and client are subjects, each in a process of its own.
        case ensemble
        /// The server stands alone; the bed plays the issuer around it.
        case bench
        /// The issuer stands alone; the bed plays the clients, the users and their browser, and the resource servers.
        case issuerBench = "issuer-bench"
        /// The client stands alone; the bed plays server, issuer, browser and attacker around it.
        case clientBench = "client-bench"
    }
}

package struct Step: Sendable, Codable, Hashable {
    /// A sentence for the reader, which becomes the narration.
    package var say: String?
    package var verb: Verb
    /// The line in the scenario's file.
    package var line: Int

    package init(say: String?, verb: Verb, line: Int) {
        self.say = say
        self.verb = verb
        self.line = line
    }
}

/// Everything a step can do. The list is closed; there are no expressions, loops, conditions or variables.
package enum Verb: Sendable, Codable, Hashable {
    /// Make a credential. `succeeds` makes it a successor for the same principal, both being valid.
    /// `lifetime` in seconds; nil is the scheme's production lifetime.
    case issue(credential: String, as: String?, succeeds: String?, lifetime: Double?, scopes: [String]?)
    /// Withdraw a credential that a successor has replaced.
    case retire(credential: String, as: String?)
    /// Take a credential back. `by`: the list of names, where it is not what the scheme has for that.
    case revoke(credential: String, as: String?, by: RevocationMeans?)
    /// Let running traffic move over to another credential, caller after caller, within that many seconds.
    case `switch`(load: String, to: String, as: String?, spreadOver: Double)
    /// Replace what verifies credentials rather than a credential.
    /// `overlap`: for how many seconds the old one still counts; nil for the subject's own default.
    case renew(what: Renewable, as: String?, overlap: Double?)
    /// Open a connection and keep it. Through the wiretap, all bytes are recorded.
    case connect(as: String, with: String, through: Route, listener: Listener)
    /// Call a tool once (or `times`) with each credential, or over a kept connection. With `processes`, so many clients that
    /// share what they keep call at the same moment, each of them `times`.
    case call(
        as: String, with: [String], over: Channel, connection: String?, tool: String, times: Int, by: Caller, processes: Int?)
    /// Repeat a call to find when the answer changes.
    case probe(Probe)
    /// Start open-loop traffic: `rate` calls a second, whether or not answers come back. Over a stream it is one call whose
    /// answer goes on: `rate` events a second, each of which counts as a call.
    case load(as: String, with: String, rate: Double, connections: Int, over: Carrier?)
    /// `after`: how many seconds to wait before that for it to end by itself; nil for none.
    case stop(load: String, after: Double?)
    case hold(as: String?, seconds: Double)
    /// Move the subjects' clock by, or to an instant such as `alice.expiry-1s`. `optional`: whether the story is the same one where it
    /// cannot be moved; nil where it is another.
    case clock(as: String?, move: Double?, to: Instant?, optional: Bool?)
    /// Send again what was seen: the recorded bytes, or the header stolen from a recorded call; or what a credential was got
    /// with, at the issuer.
    case replay(as: String, of: String, what: Replayed, listener: Listener, times: Int, by: Attacker)
    /// `times`: how many requests it is for, where it does not last.
    case fault(as: String?, kind: Fault, times: Int?)
    /// Start a subject anew, or what was stopped by a fault: a role, or `responder`.
    case restart(role: String, as: String?)
    /// Put another revocation list in the place of the one that the server under test reads.
    case publish(Publication)

    package enum Renewable: String, Sendable, Codable, CaseIterable {
        case signingKey = "signing-key"
        /// The server's own certificate and key.
        case serverCertificate = "server-certificate"
        /// A second authority for clients counts beside the first, and signs whatever is issued from now on.
        case authorityAdded = "authority-added"
        /// The first authority counts no more.
        case authorityRemoved = "authority-removed"
    }
    /// What a credential can be taken back by, whatever its scheme has for that.
    package enum RevocationMeans: String, Sendable, Codable, CaseIterable {
        /// The caller's name is taken off the list of those who may call; the certificate stays as good as it was.
        case allowList = "allow-list"
    }
    package enum Route: String, Sendable, Codable, CaseIterable { case direct, wiretap }
    package enum Listener: String, Sendable, Codable, CaseIterable { case tls, plaintext }
    package enum Channel: String, Sendable, Codable, CaseIterable {
        case newConnection = "new-connection"
        case kept
        case resumedSession = "resumed-session"
        /// A new connection to a second server process, which has the same store, the same keys and the same name.
        case replica
    }
    package enum Caller: String, Sendable, Codable, CaseIterable { case probe, client }
    package enum Carrier: String, Sendable, Codable, CaseIterable {
        case calls, stream
        /// Each call opens a connection of its own.
        case newConnections = "new-connections"
    }
    package enum Replayed: String, Sendable, Codable, CaseIterable {
        case bytes, header
        /// The certificate and the file with its private key, without what stands in the header.
        case key
        /// The call as early data of TLS 1.3 (RFC 8446 section 2.3), over a session that was resumed before.
        case earlyData = "early-data"
        case refreshToken = "refresh-token"
        case code

        /// Whether it is shown to the issuer, and not to the server.
        package var isForTheIssuer: Bool { self == .refreshToken || self == .code }
    }
    /// Who replays: the bed on another connection, another process, or another process that holds a client
    /// certificate of its own.
    package enum Attacker: String, Sendable, Codable, CaseIterable {
        case connection, process, insider
    }
    package enum Fault: String, Sendable, Codable, CaseIterable {
        case issuerStopped = "issuer-stopped"
        /// The next `times` token requests, of the calls that come next; what is left over then is forgotten.
        case issuerAnswers503 = "issuer-answers-503"
        /// The OCSP responder is out of reach until it is restarted.
        case responderStopped = "responder-stopped"

        /// Whether it lasts until `restart`, rather than for so many requests.
        package var lasts: Bool { self != .issuerAnswers503 }
    }

    package struct Publication: Sendable, Codable, Hashable {
        package var label: String?
        /// What is wrong with it, if anything: one of `Bend.lists`.
        package var list: String
        /// Seconds until the next one is due; nil for longer than any scenario takes.
        package var lifetime: Double?

        package init(label: String?, list: String, lifetime: Double?) {
            self.label = label
            self.list = list
            self.lifetime = lifetime
        }
    }

    package struct Probe: Sendable, Codable, Hashable {
        package var label: String
        package var with: String
        package var twin: String?
        package var over: Channel
        /// The kept connection's label, when `over` is `kept` or `resumed-session`.
        package var connection: String?
        /// Seconds between calls.
        package var every: Double
        /// Seconds after which to stop looking.
        package var atMost: Double
        /// Stop as soon as a call is refused.
        package var untilRefused: Bool
        /// Stop as soon as a call is accepted.
        package var untilAccepted: Bool
        /// When calls are still accepted after `atMost`, move the clock towards the credential's expiry, halving
        /// the interval until the change is known to the second.
        package var leap: Bool
        /// Rather than time passing, the clock is moved over the seconds around the credential's expiry.
        package var aroundExpiry: Double?
        /// The probe it runs beside, at the same time.
        package var beside: String?

        package init(
            label: String, with: String, twin: String?, over: Channel, connection: String?, every: Double, atMost: Double,
            untilRefused: Bool, untilAccepted: Bool = false, leap: Bool, aroundExpiry: Double?, beside: String?
        ) {
            self.label = label
            self.with = with
            self.twin = twin
            self.over = over
            self.connection = connection
            self.every = every
            self.atMost = atMost
            self.untilRefused = untilRefused
            self.untilAccepted = untilAccepted
            self.leap = leap
            self.aroundExpiry = aroundExpiry
            self.beside = beside
        }
    }
}

/// A point in time: a step's label, or a credential's expiry, moved by seconds or by what the scheme promises.
package struct Instant: Sendable, Codable, Hashable {
    /// A label, `start`, `end`, `CREDENTIAL.expiry`, or `first-refused`: the first refused call of the set in question.
    package var anchor: String
    package var plus: Double
    package var plusPromise: Bool

    package init(anchor: String, plus: Double = 0, plusPromise: Bool = false) {
        self.anchor = anchor
        self.plus = plus
        self.plusPromise = plusPromise
    }
}

/// One check, and how the trace decides it.
package struct Expectation: Sendable, Codable, Hashable {
    package var check: String
    package var form: Form
    /// The defects that must turn it red.
    package var bites: [String]
    /// Nil for all of the scenario's schemes.
    package var onlyFor: [String]?
    package var line: Int

    package init(check: String, form: Form, bites: [String], onlyFor: [String]?, line: Int) {
        self.check = check
        self.form = form
        self.bites = bites
        self.onlyFor = onlyFor
        self.line = line
    }

    package enum Form: Sendable, Codable, Hashable {
        case accepted(calls: String, from: Instant?, to: Instant?)
        /// Every call of the set from that instant on is refused for one of these reasons; its twin is accepted.
        case refused(calls: String, twin: String?, because: [String], from: Instant?, to: Instant?)
        case never(outcomes: [String], calls: String, from: Instant?, to: Instant?)
        /// How many calls of the set had the outcome, or the value of a fact.
        case count(of: Counted, exactly: Double?, atLeast: Double?, atMost: Double?, atLeastShare: Double?)
        /// From the instant to the last accepted call of the set: at most the seconds, or what the scheme promises. The twin's
        /// calls go on.
        case window(calls: String, twin: String?, from: Instant, atMost: Double?, promise: Bool)
    }

    package enum Counted: Sendable, Codable, Hashable {
        case calls(String, outcome: String)
        case fact(String)
    }
}

/// A number for the table.
package struct Measure: Sendable, Codable, Hashable {
    package var name: String
    package var form: Form
    package var onlyFor: [String]?
    package var line: Int

    package init(name: String, form: Form, onlyFor: [String]?, line: Int) {
        self.name = name
        self.form = form
        self.onlyFor = onlyFor
        self.line = line
    }

    package enum Form: Sendable, Codable, Hashable {
        /// Until the last accepted call, as a bracket on the subjects' clock.
        case window(calls: String, from: Instant)
        case count(calls: String, outcome: String, from: Instant?, to: Instant?)
        case fact(String)
    }
}
