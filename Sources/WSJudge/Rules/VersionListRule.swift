import WSProtocol
import WSScenario

extension Judge {
    /// The versions that a response lists are numbers from 0 to 255 without leading zeros (RFC 6455, 4.3 and 11.6).
    ///
    /// The grammar and the registry say so without a keyword, so a violation is tolerated.
    static let versionListRule = Rule(
        name: "version-list",
        requirements: ["RFC6455-4.3-07", "RFC6455-11.6-01"],
        roles: [.server],
        part: .response
    ) { subject in
        subject.timeline.responses.flatMap { $0.tokens(of: "Sec-WebSocket-Version") }.prefix(64).compactMap { version in
            guard UInt8(version).map({ String($0) != version }) ?? true else { return nil }
            let isNumber = !version.isEmpty && version.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return Finding(
                rule: "version-list",
                axis: .behaviour,
                verdict: .tolerated,
                requirement: isNumber && version.first != "0" ? "RFC6455-11.6-01" : "RFC6455-4.3-07",
                reason: "lists a version in Sec-WebSocket-Version that is no number from 0 to 255: "
                    + HeadText.excerpt(version),
                evidence: [Evidence(.received, offset: 0, length: subject.timeline.receivedCount)],
                key: .versionListed
            )
        }
    }
}
