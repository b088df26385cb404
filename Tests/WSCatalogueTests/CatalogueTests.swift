import TestSupport
import Testing
import WSCatalogue
import WSProtocol
import WSScenario

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Scenario: CustomTestStringConvertible {
    /// The id, for the names of test cases.
    public var testDescription: String { id }
}

@Suite struct CatalogueTests {
    @Test func `ids are sorted and unique`() {
        let ids = Catalogue.all.map(\.id)
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
    }

    @Test
    func `an id is a topic of the design and a slug in lower case`() async {
        await Sweep.each(of: Catalogue.all) { scenario in
            let topics = [
                "framing", "ping", "reserved-bits", "opcode", "fragmentation", "utf8", "closing", "limits",
                "compression",
                "masking", "length", "handshake/request", "handshake/response", "subprotocol", "extension",
                "robustness",
                "defect", "tls", "http2",
            ]
            #expect(topics.contains { scenario.id.hasPrefix($0 + "/") })
            #expect(scenario.id.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)+/) != nil)
            #expect(Catalogue.scenario(scenario.id) == scenario)
        }
    }

    @Test
    func `a title is one line that fits a terminal`() async {
        await Sweep.each(of: Catalogue.all) { scenario in
            #expect((10...120).contains(scenario.title.count))
            #expect(!scenario.title.contains { $0.isNewline })
            #expect(scenario.title.first?.isLowercase == false && !scenario.title.hasSuffix("."))
        }
    }

    @Test
    func `what needs an echo says of which types, and nothing else does`() async {
        await Sweep.each(of: Catalogue.all) { scenario in
            let types = scenario.neededEchoes
            #expect(types.isEmpty == (scenario.needs == .nothing))
            #expect(types.isSubset(of: [.text, .binary]))
        }
    }

    @Test func `octets of no frame may reach the application as a message, control frames never do`() throws {
        let octets = try #require(Catalogue.scenario("robustness/turned-bit/0"))
        #expect(octets.maySendMessages && !octets.sendsMessages)
        let pings = try #require(Catalogue.scenario("ping/every-length"))
        #expect(!pings.maySendMessages)
    }

    @Test func `titles are as different as the scenarios`() {
        let byTitle = Dictionary(grouping: Catalogue.all, by: \.title).filter { $0.value.count > 1 }
        // The same stimulus may stand in two of Autobahn's tables; it must not be told apart by number alone.
        #expect(byTitle.mapValues { $0.map(\.id) } == [:])
    }

    @Test func `no id has gone and none has come unnoticed`() throws {
        let ids = Catalogue.all.map(\.id).joined(separator: "\n") + "\n"
        #expect(Golden.difference(ids, from: "ids.txt") == nil, "ids are never reused")
    }

    @Test
    func `a scenario survives JSON`() async {
        await Sweep.each(of: Catalogue.all) { scenario in
            let json = try JSONEncoder().encode(scenario)
            #expect(try JSONDecoder().decode(Scenario.self, from: json) == scenario)
        }
    }

    /// Every scenario as it is judged, once for each side that it can test.
    private static let judged = Catalogue.all.flatMap { scenario in scenario.targets.map { scenario.testing($0) } }

    @Test
    func `each axis has an outcome that does not count against the peer`() async {
        await Sweep.each(of: Self.judged) { scenario in
            let isOpen = scenario.autobahn?.isInformational ?? false
            // What is ambiguous may be left open altogether.
            let isAmbiguous = scenario.tags.contains(.ambiguous)
            let good: Set<Grade> = isOpen ? [.informational] : isAmbiguous ? [.conforms, .informational] : [.conforms]
            #expect(scenario.behaviour.contains { good.contains($0.grade) })
            #expect(scenario.closing.contains { good.contains($0.grade) })
            if isOpen { #expect(Set(scenario.behaviour.map(\.grade) + scenario.closing.map(\.grade)) == good) }
        }
    }

    @Test
    func `a violation can be seen in every scenario that is not left open`() async {
        await Sweep.each(of: Self.judged) { scenario in
            let behaviour = scenario.behaviour.contains { $0.grade == .violates }
            // That a client fails a connection which is lost is a MUST, whatever the connection was about.
            let closing = scenario.closing.contains {
                $0.grade == .violates && $0.requirement != "RFC6455-7.2.1-02"
            }
            guard
                scenario.autobahn?.isInformational
                    ?? scenario.tags.contains(where: { $0 == .ambiguous || $0 == .robustness })
            else {
                #expect(behaviour || closing)
                // Who is refused has no closing to judge, who was sent what a client has to hold back may have lost it, and
                // who need not accept may close what it has accepted.
                let mayClose =
                    ["handshake/request/pipelined", "http2/answer/status-204"].contains(scenario.id)
                    || scenario.chapter == "HSQ-44"
                // A client whose refusal is best may still have accepted, and is then closed like any other.
                let isOfClients = scenario.targets == [.client]
                let opens = scenario.behaviour.contains {
                    $0.pattern.events != nil && ($0.grade == .conforms || isOfClients && $0.pattern != .events([]))
                }
                #expect(closing == (opens && !mayClose))
                return
            }
            // What is left open is how the connection ends, and in a handshake the answer; no text lets a peer deliver what
            // never came.
            #expect(!closing)
            if scenario.autobahn != nil || scenario.tags.contains(.handshake) { #expect(!behaviour) }
        }
    }

    @Test
    func `no outcome hides behind one that matches before it`() async {
        await Sweep.each(of: Self.judged) { scenario in
            for (index, outcome) in scenario.closing.enumerated() {
                // What is for one side alone goes before what is for both.
                let earlier = scenario.closing[..<index].filter { $0.role == outcome.role }.map(\.pattern)
                #expect(!earlier.contains { $0.covers(outcome.pattern) }, "\(outcome.pattern)")
            }
            for (index, outcome) in scenario.behaviour.enumerated() {
                let earlier = scenario.behaviour[..<index].map(\.pattern)
                #expect(!earlier.contains { $0 == .anything || $0 == outcome.pattern }, "\(outcome.pattern)")
            }
        }
    }

    @Test func `every tag that there is has a scenario`() {
        #expect(Set(Catalogue.all.flatMap(\.tags)) == Set(Scenario.Tag.allCases))
    }

    @Test func `a scenario that is tagged as alone or load is, and so is one of many connections or half a size`() {
        for scenario in Catalogue.all {
            #expect(scenario.tags.contains(.load) == scenario.isLoad, "\(scenario.id)")
            let needsAll = scenario.tags.contains(.alone) || scenario.connections > 1 || scenario.scalingBaseline != nil
            #expect(scenario.runsAlone == (needsAll || scenario.supervision != nil), "\(scenario.id)")
        }
    }

    @Test func `only a scenario that waits inside a frame or a message can watch others, and some do`() {
        let watching = Catalogue.all.filter(\.watchesOthers)
        #expect(!watching.isEmpty)
        for scenario in watching {
            #expect(scenario.script.contains { if case .quiesce = $0 { true } else { false } }, "\(scenario.id)")
            // A target whose memory is at stake may be busy.
            #expect(scenario.supervision == nil, "\(scenario.id)")
        }
    }

    @Test func `every scenario but one about TLS makes sense on TCP, and octets of HTTP slash 1 1 only there`() {
        for scenario in Catalogue.all {
            let isOfOther = scenario.security != nil || scenario.stream != nil
            #expect(scenario.transports.contains(.tcp) == !isOfOther, "\(scenario.id)")
            #expect((scenario.transports == [.tls]) == (scenario.topic.hasPrefix("tls")), "\(scenario.id)")
            switch scenario.opening {
            case .request, .response: #expect(!scenario.transports.contains(.http2), "\(scenario.id)")
            case .ordinary, .framesWithHandshake, .negotiating: break
            }
        }
    }

    @Test func `every chapter of a scenario is in the list, and every entry of the list has a scenario`() throws {
        #expect(Set(Catalogue.chapters.keys) == Set(Catalogue.all.compactMap(\.chapter)))
        for (id, sentence) in Catalogue.chapters {
            let form = /(HSQ|HSC|HSR|SUB|EXT|MSK|LEN|CTL|FRG|UTF|CLO|LIM|PMD|TLS|H2)-[0-9]{2}/
            #expect(id.wholeMatch(of: form) != nil, "\(id)")
            #expect(sentence.count <= 120 && sentence.hasSuffix(".") && !sentence.hasPrefix(" "), "\(id)")
        }
        let lines = try Fixtures.text(Fixtures.sources + "/chapters.tsv").split(separator: "\n")
        #expect(lines == lines.sorted(), "an entry is not where its id belongs")
        #expect(lines.count == Catalogue.chapters.count, "a line is malformed, or an id stands twice")
    }

    @Test(arguments: Catalogue.all.filter { $0.tags.contains(.probe) })
    func `a probe is the violation of its base and three frames in one write`(_ probe: Scenario) throws {
        let base = try #require(Catalogue.scenario(String(probe.id.dropLast("/probe".count))))
        #expect(probe.autobahn == nil)
        #expect(probe.targets == base.targets)
        #expect(Array(probe.script.dropLast(3)) == Array(base.script.prefix(probe.script.count - 3)))
        for step in probe.script {
            guard case .send(let frame) = step else {
                Issue.record("\(step)")
                continue
            }
            #expect(frame.pacing == .together)
        }
    }
}
