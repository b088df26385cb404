import WSScenario

/// What has to be agreed on, as the text of a stimulus has it.
struct CompressionMembers: Decodable {
    var keepsContext: Bool?
    var offer: ClientOffer?
    var windowBits: Int

    var value: CompressionNeed? {
        guard (8...15).contains(windowBits) else { return nil }
        return CompressionNeed(
            windowBits: windowBits,
            keepsContext: keepsContext ?? false,
            offer: offer ?? .any
        )
    }
}
