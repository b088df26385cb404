/// Requirements that say the same in other words, so that one act violates all of them.
///
/// A finding cites one requirement. An exercise (``Exercise``) counts for the others of its group, too, if the defect
/// names them.
package struct Restatement: Sendable {
    /// The ids, at least two.
    package let ids: Set<String>
    /// Why they are the same.
    package let reason: String

    /// All requirements that are violated with this one, itself included.
    package static func closure(of id: String) -> Set<String> { closures[id] ?? [id] }

    /// All requirements that are violated with these ones, including them.
    package static func closure(of ids: some Sequence<String>) -> Set<String> {
        ids.reduce(into: []) { $0.formUnion(closure(of: $1)) }
    }

    private init(_ reason: String, _ ids: String...) {
        self.ids = Set(ids.map { $0.first?.isLetter == true ? $0 : "RFC6455-" + $0 })
        self.reason = reason
    }

    private static let closures: [String: Set<String>] = all.reduce(into: [:]) { closures, restatement in
        for id in restatement.ids { closures[id, default: [id]].formUnion(restatement.ids) }
    }

    /// All groups.
    package static let all: [Restatement] = ofRequests + ofAnswers + ofFrames

    private static let ofRequests = [
        Restatement("A key is base64 of a nonce.", "4.1-27", "4.3-01"),
        Restatement("A subprotocol is asked for by a token.", "4.1-35", "4.3-05", "11.5-01"),
        Restatement("Who opens a connection sends a handshake.", "4.1-02", "4.1-18"),
        Restatement("A request outside the grammar of HTTP is no valid one.", "RFC9110-2.2-01", "4.1-19"),
        Restatement("A request of HTTP/1.1 has a Host.", "RFC9112-3.2-02", "RFC9110-7.2-01"),
        Restatement(
            "Who sends Upgrade names it in Connection.",
            "4.1-25",
            "RFC9110-7.8-05",
            "RFC9110-7.6.1-02"
        ),
        Restatement(
            "A quoted value that is no token makes the field one outside its grammar.",
            "4.3-02",
            "4.3-03",
            "9.1-02"
        ),
    ]

    private static let ofAnswers = [
        Restatement("An extension that was not offered is not accepted.", "4.2.2-14", "4.2.2-15", "9-03"),
        Restatement("A subprotocol is picked by one token.", "4.2.2-13", "4.3-06", "11.5-01"),
        Restatement("The order of offers is one of preference.", "9.1-09", "RFC7692-5-03"),
        Restatement("An accept value is base64 of a digest.", "4.2.2-21", "4.3-09"),
        Restatement("A 101 names the protocol in Upgrade.", "4.2.2-19", "RFC9110-7.8-02"),
        Restatement("A 426 names the protocol in Upgrade.", "RFC9110-15.5.22-01", "RFC9110-7.8-04"),
    ]

    private static let ofFrames = [
        Restatement(
            "A frame of a client without a mask is one however it is described.",
            "5.1-01",
            "5.2-14",
            "5.3-01",
            "5.5.1-05",
            "6.1-07"
        ),
        Restatement("A masking key that was used before is not a fresh one.", "5.3-02", "10.3-01"),
        Restatement("A CR in a value is refused or read as a space.", "RFC9112-2.2-03", "RFC9110-5.5-02"),
        Restatement("A control frame is not fragmented.", "5.4-05", "5.5-02"),
        Restatement("A data frame inside a message is a fragment of another one.", "5.4-07", "5.4-15"),
        Restatement("A reserved bit has no meaning without an extension.", "5.2-02", "IANA-rsv-01"),
        Restatement("A client does not use what the server has not accepted.", "5.2-02", "9.1-07"),
        Restatement("A server does not use what it has not accepted.", "5.2-02", "9.1-11", "RFC7692-5-06"),
        Restatement(
            "A client that exceeds the window that was agreed on does not compress as was agreed on.",
            "RFC7692-7.2.1-14",
            "RFC7692-7.2.2-10"
        ),
        Restatement("A frame whose length is none of 5.2 is none.", "5.2-09", "6.1-03"),
        Restatement("A reserved opcode has no meaning without an extension.", "5.8-01", "IANA-opcode-01"),
        Restatement("A client does not end what it has no reason to end.", "7.1.7-06", "7.2.1-03", "7.3-02"),
        Restatement("A Close frame of one's own ends what may be sent.", "5.5.1-06", "6.1-01", "6.1-02"),
        Restatement("1005 stands for a Close frame without a code.", "7.1.5-01", "7.4.1-03"),
        Restatement("1006 stands for no Close frame at all.", "7.1.5-01", "7.4.1-04"),
        Restatement("No code is above 4999.", "7.4.2-05", "IANA-close-03"),
    ]
}
