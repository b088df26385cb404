import PeerTestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

/// A peer that says why it refuses is taken at its word only where the run bears it out.
@Suite struct `An excuse` {
    private static let fragmented = "fragmentation/two-fragments"

    /// A server without fragmentation: it closes over a message in more than one frame.
    private static func whole(_ code: UInt16) -> ScriptedPeer {
        ScriptedPeer { event, answers in
            guard case .message = event, answers.frameCount > 1, !answers.hasClosed else {
                return answers.behave(event)
            }
            answers.sendClose(code)
            answers.end()
        }
    }

    @Test(arguments: [1003, 1008, 1009] as [UInt16], [1, 16])
    func `Who takes no fragments has no limit and no type to blame, in a whole run and alone`(
        code: UInt16,
        jobs: Int
    ) async throws {
        let target = MemoryTarget { _ in .peer(Self.whole(code)) }
        let alone = try #require(Catalogue.scenario(Self.fragmented))
        for scenarios in [MemoryRun.few, [alone]] {
            let (_, log) = await MemoryRun.run(target, scenarios: scenarios, jobs: jobs)
            let judgement = try #require(log.judgement(Self.fragmented))
            #expect(judgement.verdict == .fail)
            #expect(judgement.reason.contains("in one frame came back"))
            #expect(judgement.findings.first?.requirement.hasPrefix("RFC6455-5.4") == true)
        }
    }

    /// A server with a limit on octets.
    private static func limited(_ code: UInt16, to most: Int) -> ScriptedPeer {
        ScriptedPeer { event, answers in
            guard case .message(_, let octets) = event, octets.count > most, !answers.hasClosed else {
                return answers.behave(event)
            }
            answers.sendClose(code)
            answers.end()
        }
    }

    @Test(arguments: [1008, 1009] as [UInt16])
    func `A limit that holds for one frame, too, is one`(code: UInt16) async throws {
        let large = try #require(Catalogue.scenario("limits/text/64-kibibytes")?.shrunk(to: 1000))
        var cut = large
        cut.id = "limits/cut"
        let payload = try #require(large.largestMessage).payload
        cut.script = [.sendMessage(MessageToSend(.text, payload, fragmentLength: 64))]
        let target = MemoryTarget { _ in .peer(Self.limited(code, to: 500)) }
        let (_, log) = await MemoryRun.run(target, scenarios: [large, cut])
        for id in [large.id, cut.id] {
            #expect(log.verdict(id) == .informational)
            #expect(log.judgement(id)?.findings.first?.rule == "limit")
        }
        #expect(log.judgement(large.id)?.reason.hasPrefix("limit 1000: ") == true)
    }

    @Test func `A limit on very many frames is one where two are fine`() async throws {
        var cut = try #require(Catalogue.scenario("limits/text/64-kibibytes")?.shrunk(to: 1000))
        let payload = try #require(cut.largestMessage).payload
        cut.script = [.sendMessage(MessageToSend(.text, payload, fragmentLength: 4))]
        let peer = ScriptedPeer { event, answers in
            guard case .message = event, answers.frameCount > 200, !answers.hasClosed else {
                return answers.behave(event)
            }
            answers.sendClose(1008)
            answers.end()
        }
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .peer(peer) }, scenarios: [cut])
        #expect(log.verdict(cut.id) == .informational)
        #expect(log.judgement(cut.id)?.reason.contains("in 251 frames") == true)
        let few = MemoryTarget { _ in .peer(Self.whole(1008)) }
        let (_, other) = await MemoryRun.run(few, scenarios: [cut])
        #expect(other.verdict(cut.id) == .fail)
    }

    @Test(arguments: [1, 16])
    func `A message that several cases send is tried once, however many are refused at a time`(jobs: Int) async throws {
        let large = try #require(Catalogue.scenario("limits/text/64-kibibytes")?.shrunk(to: 1000))
        let payload = try #require(large.largestMessage).payload
        let cuts = [64, 100, 200, 300].map { length in
            var cut = large
            cut.id = "limits/cut-\(length)"
            cut.script = [.sendMessage(MessageToSend(.text, payload, fragmentLength: length))]
            return cut
        }
        let target = MemoryTarget { _ in .peer(Self.whole(1009)) }
        let (_, log) = await MemoryRun.run(target, scenarios: cuts, jobs: jobs)
        for cut in cuts { #expect(log.judgement(cut.id)?.reason.contains("in one frame came back") == true) }
        let trials = target.connections.filter { $0.hasPrefix("control/trial/") }
        #expect(trials.sorted() == ["control/trial/text/1000/1", "control/trial/text/1000/2"])
    }

    @Test func `A refusal that does not happen again is no limit`() async throws {
        let id = "framing/text/125-octets"
        let scenario = try #require(Catalogue.scenario(id))
        let target = MemoryTarget { $0.scenario == id ? .peer(Self.limited(1009, to: 0)) : .model }
        let (_, log) = await MemoryRun.run(target, scenarios: [scenario])
        #expect(log.verdict(id) == .fail)
        #expect(log.judgement(id)?.reason.contains("though it came back alone") == true)
    }

    @Test func `Behind a violation the code is only another one`() async {
        let peer = ScriptedPeer { event, answers in
            guard case .violation = event, !answers.hasClosed else { return answers.behave(event) }
            answers.sendClose(1003)
            answers.end()
        }
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .peer(peer) })
        for id in ["fragmentation/text-inside-text", "reserved-bits/rsv3-text"] {
            #expect(log.verdict(id) == .tolerated)
            #expect(log.judgement(id)?.reason.contains("does not take") == false)
        }
    }

    // MARK: - Busy

    private static let busy = ScriptedPeer { event, answers in
        guard case .request = event else { return }
        answers.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        answers.end()
    }

    @Test(arguments: [1, 16])
    func `A target that is busy for one kind of request alone has refused it`(jobs: Int) async throws {
        let id = "handshake/request/connection-in-lower-case"
        let scenario = try #require(Catalogue.scenario(id))
        let target = MemoryTarget { $0.scenario == id ? .peer(Self.busy) : .model }
        let (_, log) = await MemoryRun.run(target, scenarios: MemoryRun.few + [scenario], jobs: jobs)
        #expect(log.verdict(id) == .fail)
        #expect(log.judgement(id)?.reason.contains("503") == true)
    }

    @Test(arguments: [1, 16])
    func `One that is busy once is heard again`(jobs: Int) async throws {
        let id = "handshake/request/connection-in-lower-case"
        let scenario = try #require(Catalogue.scenario(id))
        let target = MemoryTarget { $0.scenario == id && $0.earlier == 0 ? .peer(Self.busy) : .model }
        let (_, log) = await MemoryRun.run(target, scenarios: MemoryRun.few + [scenario], jobs: jobs)
        #expect(log.blemishes.isEmpty)
    }
}
