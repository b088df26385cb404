import WSProtocol

extension Judge {
    /// An accepted extension has only parameters that its specification defines (RFC 6455, 9.1).
    ///
    /// The rule knows only the parameters of permessage-deflate (RFC 7692, 7.1). No text says whether the case of names
    /// matters, so it is ignored.
    static let extensionParametersRule = Rule(
        name: "extension-parameters",
        requirements: ["RFC6455-9.1-06"],
        roles: [.server],
        part: .handshake
    ) { subject in
        guard subject.isOpened, let response = subject.timeline.response else { return [] }
        let accepted = response.values(of: "Sec-WebSocket-Extensions").compactMap(ExtensionHeader.parse).joined()
        let unknown = accepted.filter { $0.name.lowercased() == "permessage-deflate" }
            .flatMap(\.parameters)
            .first { !deflateParameters.contains($0.name.lowercased()) }
        return [unknown].compactMap(\.self).map { parameter in
            Finding(
                rule: "extension-parameters",
                axis: .behaviour,
                verdict: .fail,
                requirement: "RFC6455-9.1-06",
                reason: "accepted permessage-deflate with \(HeadText.excerpt(parameter.name)), "
                    + "which is none of its parameters",
                evidence: [Evidence(.received, offset: 0, length: UInt64(response.raw.count))]
            )
        }
    }

    private static let deflateParameters: Set = [
        "server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits", "client_max_window_bits",
    ]
}
