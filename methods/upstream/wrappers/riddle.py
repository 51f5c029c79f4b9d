"""RiDDLE: encode with e4e, encrypt the latent code with a password, draw it; the same call decrypts."""

from argparse import Namespace
from pathlib import Path

import kit
import torch

LATENTS, STYLE = 14, 512


def main() -> None:
    """Do the job."""
    job = kit.read_job()
    from mapper.latent_id_mappers import TransformerMapperSplit
    from models.encoders.psp_encoders import Encoder4Editing
    from models.stylegan2.model import Generator

    mapper = TransformerMapperSplit(
        split_list=[4, 4, 6], normalize_type="layernorm", add_linear=True, add_pos_embedding=True
    )
    decoder = Generator(256, STYLE, 8)
    encoder = Encoder4Editing(50, "ir_se", Namespace(stylegan_size=256))
    if job["mode"] == "random":
        return save_random(job["out"], encoder, decoder, mapper)

    weights = job["weights"]
    e4e = torch.load(weights["e4e"])
    if not e4e["opts"].get("start_from_latent_avg", True):
        raise SystemExit("e4e was trained without the average code; this is not the authors' file")
    average = e4e["latent_avg"].to(kit.device())
    if average.shape != (LATENTS, STYLE):
        raise SystemExit(
            f"e4e is for {len(average)} codes, not {LATENTS}: take the authors' file for 256 pixels"
        )
    state = {
        name[len("encoder.") :]: value
        for name, value in e4e["state_dict"].items()
        if name.startswith("encoder.")
    }
    kit.fill(encoder, state, "e4e")
    kit.fill(decoder, torch.load(weights["stylegan"])["g_ema"], "stylegan")
    kit.fill(mapper, torch.load(weights["mapper"])["mapper_state_dict"], "mapper")

    for entry in kit.pictures(job):
        code = encoder(kit.read(entry["input"])) + average
        password = torch.tensor([entry["z"]], device=kit.device())
        secret = decoder.style(password)[:, None].repeat(1, LATENTS, 1)
        changed = mapper(torch.cat([code, secret], dim=-1))
        drawn, _ = decoder([changed], input_is_latent=True, randomize_noise=False, truncation=1)
        kit.write(entry["output"], drawn)


def save_random(
    out: str, encoder: torch.nn.Module, decoder: torch.nn.Module, mapper: torch.nn.Module
) -> None:
    """Write files of the authors' format with weights as they are initialised."""
    state = {"encoder." + name: value for name, value in encoder.state_dict().items()}
    opts = {"encoder_type": "Encoder4Editing", "stylegan_size": 256, "start_from_latent_avg": True}
    average = torch.zeros(LATENTS, STYLE)
    torch.save({"state_dict": state, "opts": opts, "latent_avg": average}, Path(out, "e4e.pt"))
    torch.save({"g_ema": decoder.state_dict()}, Path(out, "stylegan.pt"))
    torch.save({"mapper_state_dict": mapper.state_dict()}, Path(out, "mapper.pt"))


if __name__ == "__main__":
    main()
