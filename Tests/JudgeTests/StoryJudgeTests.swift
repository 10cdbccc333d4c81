import Judge
import Scenarios
import Testing
import Trace

@Suite struct StoryJudgeTests {
    @Test func `a right server passes every check, and each says why`() throws {
        let cell = try judged(try revocationTrace())
        #expect(Set(verdicts(cell).values) == [.pass])
        let why = Dictionary(uniqueKeysWithValues: cell.checks.map { ($0.check, $0.why) })
        #expect(why["story.both-welcome"] == "2 calls accepted")
        #expect(why["story.takes-effect"] == "closed after 5–11 ms, promised at most 1 s")
        #expect(why["story.stays"] == "3 calls refused for revoked; the twin was welcome")
        #expect(why["story.nobody-dropped"] == "none of 4 calls dropped")
        #expect(why["story.one-accepted"] == "1 of 4 calls accepted")
        #expect(cell.checks.allSatisfy { !$0.evidence.isEmpty && !$0.weak && $0.held == true })
        #expect(cell.narration == ["Both open the door."])
        #expect(cell.calls == 8)
    }

    @Test func `measures are brackets, counts and facts`() throws {
        let measures = try judged(try revocationTrace()).measures
        #expect(measures[0].words == "5–11 ms")
        guard case .window(let bracket) = measures[0].value, let upper = bracket.upper else { Issue.record("no bracket"); return }
        #expect(abs(bracket.lower - 0.005) < 1e-6 && abs(upper - 0.011) < 1e-6 && bracket.seenOpen)
        #expect(measures[1].value == .count(3, of: 4))
        #expect(measures[1].words == "3 of 4")
        #expect(measures[2].words == "1 h")
    }

    @Test func `the last call accepted changes what rests on it, and nothing else`() throws {
        let result = try changed {
            $0.edit {
                $0.set == "fresh" && $0.begin == 205_000_000
            } change: {
                $0.outcome = .accepted; $0.reason = nil
            }
        }
        // The window is now open-ended and within its promise; the credential came back; two were accepted.
        #expect(result == ["takes-effect": .inconclusive, "stays": .fail, "one-accepted": .fail, "alone": .fail])
    }

    @Test func `a call refused before the change breaks only the welcome`() throws {
        let result = try changed {
            $0.edit {
                $0.set == "before" && $0.credential == "bob"
            } change: {
                $0.outcome = .refused; $0.reason = "unknown"
            }
        }
        #expect(result == ["both-welcome": .fail])
    }

    @Test func `a call that was cut off is a fall, and one whose time was up is nothing that can be told`() throws {
        for (face, verdict) in [("reset", Verdict.fail), ("no answer in time: Operation timed out", .inconclusive)] {
            let result = try changed {
                $0.edit {
                    $0.set == "fresh" && $0.begin == 205_000_000
                } change: {
                    $0.outcome = .dropped; $0.face = face
                }
            }
            #expect(result["nobody-dropped"] == verdict)
        }
    }

    @Test func `that the issuer could not be asked ends no window and is no refusal where it was not taken away`() throws {
        for (begin, differs) in [
            (205, ["stays": Verdict.inconclusive, "alone": .inconclusive]), (110, ["stays": .pass]),
        ] {
            var trace = try revocationTrace()
            trace.edit({ $0.begin == Int64(begin) * 1_000_000 }) {
                ($0.status, $0.face, $0.reason) = (503, "HTTP 503", "issuer-unreachable")
            }
            let cell = try judged(trace)
            for (check, verdict) in differs { #expect(verdicts(cell)[check] == verdict) }
            #expect(cell.measures[0].words == (begin == 110 ? "5–16 ms" : "5–11 ms"))
        }
        let result = try changed {
            $0.edit({ $0.set == "before" }) { ($0.outcome, $0.status, $0.reason) = (.refused, 503, "issuer-unreachable") }
        }
        #expect(result["both-welcome"] == .fail)
    }

    @Test(arguments: [(String?.none, Verdict.fail), ("hard", .inconclusive), ("soft", .inconclusive)])
    func `that nobody said whether a certificate is revoked is no answer where somebody is asked`(_ ocsp: String?, _ verdict: Verdict)
        throws
    {
        var scheme = Scheme.certificates
        scheme.ocsp = ocsp
        let result = try changed(
            {
                $0.edit({ $0.begin == 205_000_000 }) { $0.reason = "revocation-unknown" }
            }, scheme)
        #expect(result["stays"] == verdict)
    }

    @Test func `a load that could not be kept up leaves undecided what it does not show`() throws {
        let story = """
            title: A load
            teaches: It flows.
            schemes: [api-key]
            steps:
              - issue: { credential: alice }
              - load:  { as: traffic, with: alice, rate: 20/s }
              - stop:  { load: traffic }
            expect:
              - { check: story.load-was-real, count: { outcome: accepted, calls: traffic, at-least: 95% }, bites: [server/x] }
            """
        let late = "no answer in time: Operation timed out"
        // Of twenty that were due: how many were accepted, refused, cut off, too late, and never sent.
        for (accepted, refused, cut, tooLate, unsent, verdict) in [
            (20, 0, 0, 0, 0, Verdict.pass), (19, 1, 0, 0, 0, .pass), (19, 0, 0, 0, 1, .pass),
            (18, 2, 0, 0, 0, .fail), (18, 1, 1, 0, 0, .fail), (17, 2, 0, 0, 1, .fail), (1, 19, 0, 0, 0, .fail),
            (18, 0, 0, 2, 0, .inconclusive), (18, 0, 0, 0, 2, .inconclusive), (10, 1, 0, 0, 9, .inconclusive),
            (17, 0, 0, 1, 2, .inconclusive),
        ] {
            var trace = try TraceBuilder(story)
            trace.step(0, at: 5)
            for n in 0..<accepted { trace.call("traffic", .accepted, at: 10 + n) }
            for n in 0..<refused { trace.call("traffic", .refused, at: 40 + n, reason: "unknown") }
            for n in 0..<cut { trace.call("traffic", .dropped, at: 70 + n, face: "reset") }
            for n in 0..<tooLate { trace.call("traffic", .dropped, at: 80 + n, face: late) }
            trace.fact("traffic.planned", Double(accepted + refused + cut + tooLate + unsent), unit: "calls")
            for index in 1...2 { trace.step(index, at: 100) }
            trace.end()
            let check = try judged(trace).checks[0]
            #expect(
                check.verdict == verdict,
                "\(accepted) accepted, \(refused) refused, \(cut) cut, \(tooLate) late, \(unsent) unsent: \(check.why)")
        }
    }

    @Test func `a call that was answered only after the span says nothing of it`() throws {
        let story = """
            title: An end
            teaches: It comes.
            schemes: [oauth-jwt]
            steps:
              - issue: { credential: alice }
              - call:  { as: edge, with: alice, times: 2 }
            expect:
              - { check: story.welcome, accepted: { calls: edge, to: alice.expiry-1s }, bites: [server/x] }
            """
        // Her last second but one ends at 1000 ms; a call takes 1 ms.
        for (begin, verdict) in [(500, Verdict.fail), (999, .fail), (1000, .pass)] {
            var trace = try TraceBuilder(story, .tokens)
            trace.fact("alice.expiry", 2)
            trace.step(0, at: 5)
            trace.call("edge", .accepted, at: 100)
            trace.call("edge", .refused, at: begin)
            trace.step(1, at: begin + 2)
            trace.end()
            #expect(verdicts(try judged(trace))["welcome"] == verdict, "refused at \(begin) ms")
        }
    }

    @Test func `without the twin nothing is proven`() throws {
        let dropped = try changed { $0.drop { $0.call?.twin == true } }
        #expect(dropped == ["takes-effect": .inconclusive, "stays": .inconclusive, "alone": .inconclusive])
        let refused = try changed {
            $0.edit {
                $0.twin
            } change: {
                $0.outcome = .refused
            }
        }
        #expect(refused == ["takes-effect": .inconclusive, "stays": .inconclusive, "alone": .inconclusive])
        let afterwards = try changed {
            $0.edit {
                $0.twin && $0.begin == 210_000_000
            } change: {
                $0.outcome = .refused
            }
        }
        #expect(afterwards == ["takes-effect": .inconclusive, "stays": .inconclusive, "alone": .inconclusive])
    }

    @Test func `refused for another reason fails, and says which was wanted`() throws {
        var trace = try revocationTrace()
        trace.edit {
            $0.set == "fresh" && $0.begin == 115_000_000
        } change: {
            $0.reason = "unknown"
        }
        let cell = try judged(trace)
        #expect(verdicts(cell).filter { $0.value != .pass } == ["stays": .fail])
        #expect(cell.checks[2].why == "refused for unknown, wanted revoked or expired")
    }

    @Test func `a reason that nobody saw makes a weak pass`() throws {
        var trace = try revocationTrace()
        trace.edit {
            $0.outcome == .refused
        } change: {
            $0.reason = nil
        }
        let check = try judged(trace).checks[2]
        #expect(check.verdict == .pass)
        #expect(check.weak)
        #expect(check.why == "3 calls refused (HTTP 401) and the twin welcome, but the reason was not seen")
    }

    @Test func `an answer in another form is no refusal`() throws {
        var trace = try revocationTrace()
        trace.edit {
            $0.outcome == .refused
        } change: {
            $0.status = 500
        }
        #expect(try judged(trace).checks[2].why == "answered HTTP 500, which is no refusal in this scheme")
        trace.edit {
            $0.outcome == .refused
        } change: {
            $0.status = nil; $0.face = "reset"
        }
        #expect(try judged(trace).checks[2].why == "the connection was cut (reset), which is no refusal in this scheme")
        var transport = try revocationTrace(.certificates)
        transport.edit {
            $0.outcome == .refused
        } change: {
            $0.status = nil; $0.face = "alert certificate_revoked"
        }
        #expect(try judged(transport).checks[2].verdict == .pass)
    }

    @Test func `a call without an answer decides nothing`() throws {
        let result = try changed {
            $0.edit {
                $0.begin == 115_000_000
            } change: {
                $0.outcome = .dropped
            }
        }
        #expect(result == ["stays": .inconclusive, "nobody-dropped": .fail])
    }

    @Test func `only what is certainly longer than the promise breaks it`() throws {
        var late = try revocationTrace()
        late.edit {
            $0.set == "fresh" && $0.begin > 105_000_000
        } change: {
            $0.begin += 1_500_000_000; $0.end += 1_500_000_000
        }
        late.edit {
            $0.begin == 105_000_000
        } change: {
            $0.begin = 1_050_000_000; $0.end = 1_051_000_000
        }
        #expect(try judged(late).checks[1].verdict == .pass)
        late.edit {
            $0.begin == 1_050_000_000
        } change: {
            $0.begin = 1_150_000_000; $0.end = 1_151_000_000
        }
        let check = try judged(late).checks[1]
        #expect(check.verdict == .fail)
        #expect(check.why == "1.05–1.52 s, wanted at most 1 s")
    }

    @Test func `a promise may end with the credential, on the subjects' clock`() throws {
        var trace = try revocationTrace(.tokens)
        trace.edit {
            $0.set == "fresh" && !$0.twin && $0.outcome == .accepted
        } change: {
            $0.clock = 3599
        }
        trace.edit {
            $0.set == "fresh" && ($0.outcome == .refused || $0.twin)
        } change: {
            $0.clock = 3600; $0.reason = $0.twin ? nil : "expired"
        }
        let cell = try judged(trace)
        #expect(
            cell.checks[1].why
                == "closed after 59 min 59 s – 1 h 1 s, promised at most 59 min 59.9 s".replacing("59 min 59.9 s", with: "1 h"))
        #expect(cell.checks[1].verdict == .pass)
    }

    @Test func `a cell that the scheme does not offer is not applicable, with its reason`() throws {
        var trace = try TraceBuilder(revocationStory, .certificates)
        for index in 0...2 { trace.step(index, at: 10 * index + 5) }
        trace.call("before", .accepted, at: 20)
        trace.notOffered("revoke", "nobody reads a list")
        for index in 3...4 { trace.step(index, at: 10 * index + 5) }
        trace.end()
        let cell = try judged(trace)
        #expect(cell.checks[1].verdict == .notApplicable)
        #expect(cell.checks[1].why == "nobody reads a list")
        #expect(cell.measures[0].value == .notOffered("nobody reads a list"))
        #expect(cell.checks[0].verdict == .pass)
    }

    @Test func `what was not decided when the bed failed is its error, what was decided stands`() throws {
        var trace = try TraceBuilder(revocationStory)
        for index in 0...2 { trace.step(index, at: 10 * index + 5) }
        trace.call("before", .accepted, at: 20)
        trace.fault("the server died")
        trace.end(complete: false)
        let cell = try judged(trace)
        #expect(
            verdicts(cell) == [
                "both-welcome": .pass, "takes-effect": .error, "stays": .error, "nobody-dropped": .error, "one-accepted": .error,
                "alone": .error,
            ])
        #expect(cell.checks[1].why == "the server died")
        #expect(cell.fault?.lastLines == ["last words"])
        #expect(!cell.complete)
    }

    @Test func `a check's level turns the same trace into a failure, a warning or a record`() throws {
        var trace = try revocationTrace()
        trace.edit {
            $0.set == "before"
        } change: {
            $0.outcome = .refused
        }
        for (level, verdict) in [(Requirement.Level.must, Verdict.fail), (.should, .warn), (.article, .recorded)] {
            let requirement = Requirement(id: "story.both-welcome", role: .server, level: level, clause: "c", rule: "r", why: "w", line: 1)
            let check = try judged(trace, requirements: [requirement]).checks[0]
            #expect(check.verdict == verdict)
            #expect(check.held == false)
        }
    }

    @Test(arguments: ["refused", "accepted", "dropped"])
    func `a subject that answers everybody alike passes no refusal`(_ outcome: String) throws {
        var trace = try revocationTrace()
        trace.edit { _ in
            true
        } change: {
            $0.outcome = CallEvent.Outcome(rawValue: outcome) ?? .dropped
            $0.reason = outcome == "refused" ? "revoked" : nil
        }
        let verdicts = verdicts(try judged(trace))
        for check in ["takes-effect", "stays", "one-accepted", "alone"] { #expect(verdicts[check] != .pass) }
    }
}
