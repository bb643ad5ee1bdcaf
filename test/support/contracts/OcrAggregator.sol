// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

/// What monitors read of an off-chain-reporting price feed: its functions and its event, without any reporting.
/// Anyone may transmit; written for Vedette's tests.
contract OcrAggregator {
    struct Round {
        int256 answer;
        uint256 timestamp;
    }

    event NewTransmission(
        uint32 indexed aggregatorRoundId,
        int192 answer,
        address transmitter,
        int192[] observations,
        bytes observers,
        bytes32 rawReportContext
    );

    string public description;
    uint8 public constant decimals = 8;
    address[] private s_transmitters;
    mapping(uint32 => Round) private s_rounds;
    mapping(address => uint256) private s_owed;
    uint32 private s_latest;

    constructor(string memory text, address[] memory who) {
        description = text;
        s_transmitters = who;
    }

    function transmitters() external view returns (address[] memory) {
        return s_transmitters;
    }

    function setTransmitters(address[] calldata who) external {
        s_transmitters = who;
    }

    function owedPayment(address who) external view returns (uint256) {
        return s_owed[who];
    }

    function setOwed(address who, uint256 amount) external {
        s_owed[who] = amount;
    }

    /// `observers[i]` is the index of the transmitter that made `observations[i]`; sorted, so the middle is the answer.
    function transmit(int192[] calldata observations, bytes calldata observers) external {
        require(observations.length == observers.length, "one observer each");
        int192 answer = observations[observations.length / 2];
        s_latest += 1;
        s_rounds[s_latest] = Round(answer, block.timestamp);
        emit NewTransmission(s_latest, answer, msg.sender, observations, observers, bytes32(uint256(s_latest)));
    }

    function getRoundData(uint80 id) public view returns (uint80, int256, uint256, uint256, uint80) {
        require(id <= type(uint32).max && s_rounds[uint32(id)].timestamp != 0, "No data present");
        Round memory round = s_rounds[uint32(id)];
        return (id, round.answer, round.timestamp, round.timestamp, id);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(s_latest);
    }
}

/// A feed as its users know it: says which aggregator serves it now.
contract FeedProxy {
    OcrAggregator public aggregator;

    constructor(OcrAggregator first) {
        aggregator = first;
    }

    function description() external view returns (string memory) {
        return aggregator.description();
    }
}
